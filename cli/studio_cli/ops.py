"""``studio ops``: the work of an operator, with AWS credentials of the stack's account."""

import typer

from studio_cli import ops_keys

app = typer.Typer(no_args_is_help=True, help="Operate a stack with your AWS credentials.")
app.add_typer(ops_keys.app, name="keys")
