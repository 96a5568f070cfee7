"""``studio ops``: the work of an operator, with the AWS credentials of the stack's account."""

import typer

from studio_cli import ops_console, ops_dlq, ops_keys, ops_users
from studio_cli.ops_doctor import doctor
from studio_cli.ops_work import oldest, spend

app = typer.Typer(no_args_is_help=True, help="Operate a stack, with credentials of its account.")
app.add_typer(ops_users.app, name="user")
app.add_typer(ops_keys.app, name="keys")
app.add_typer(ops_console.app, name="console")
app.add_typer(ops_dlq.app, name="dlq")
app.command()(oldest)
app.command()(spend)
app.command()(doctor)
