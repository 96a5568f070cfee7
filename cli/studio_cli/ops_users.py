"""``studio ops user``: the users of a tenant and their roles."""

import re
from typing import Annotated, Literal

import typer

from studio_cli.aws import Aws
from studio_cli.errors import CliError
from studio_cli.ops_stack import DeployedOption
from studio_cli.profiles import LOCAL, load_profile, profile_from_outputs
from studio_cli.sam_config import deployed_stack
from studio_cli.session import ProfileOption
from studio_cli.tables import Listing
from studio_cli.terminal import new_console, say
from studio_cli.user_pool import ADMIN, WITHOUT_GROUP, User, UserPool, named, without_admin

app = typer.Typer(no_args_is_help=True, help="Create users and give them roles.")

# As the API takes it from the token: it becomes part of keys, so no separators.
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")

Role = Literal["viewer", "creator", "reviewer", "manager", "admin"]
NameArgument = Annotated[str, typer.Argument(metavar="EMAIL", help="Mail address of the user.")]
TenantOption = Annotated[str, typer.Option(help="The tenant of the user.")]


@app.command()
def add(
    email: NameArgument,
    tenant: TenantOption,
    role: Annotated[
        Role | None, typer.Option(help="creator if left out; the first user becomes admin.")
    ] = None,
    ask_password: Annotated[
        bool, typer.Option("--ask-password", help="Ask for the temporary password; mail nothing.")
    ] = False,
    deployed: DeployedOption = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """Create a user with a temporary password; the first user of a tenant becomes admin."""
    if not _TENANT.fullmatch(tenant):
        raise CliError(
            f"{tenant!r} cannot be a tenant.", "use 1 to 64 letters, digits, hyphens or underscores"
        )
    pool = _pool(profile, deployed)
    users = pool.users()
    if known := named(users, email):
        raise CliError(
            f"There is a user {email} already, of {known.tenant}.",
            f"change the role: studio ops user role {email} ROLE --tenant {known.tenant}",
        )
    first = not _of_tenant(users, tenant)
    if first and role not in (None, ADMIN):
        raise CliError(f"{tenant} has no user yet. Its first user is {ADMIN}.", "leave --role out")
    given = ADMIN if first else role or WITHOUT_GROUP
    password = _temporary_password() if ask_password else None
    pool.add(email, tenant, given, password)
    say(f"{email} is {given} of {tenant}{', its first user' if first else ''}.")
    if password is None:
        say("Cognito mails the temporary password. The first sign-in asks for another one.")


@app.command()
def role(
    email: NameArgument,
    role: Annotated[Role, typer.Argument(metavar="ROLE", help="viewer to admin.")],
    tenant: TenantOption,
    deployed: DeployedOption = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """Give a user another role."""
    pool = _pool(profile, deployed)
    users = _of_tenant(pool.users(), tenant)
    user = named(users, email)
    if user is None:
        raise CliError(
            f"{tenant} has no user {email}.",
            f"see its users: studio ops user list --tenant {tenant}",
        )
    if role != ADMIN and [one for one in users if one.is_admin] == [user]:
        raise CliError(
            f"{email} is the only {ADMIN} of {tenant}.", f"make another user {ADMIN} first"
        )
    pool.change(user, role)
    say(f"{email} is {role} of {tenant}. This holds from the next token, within an hour.")


@app.command("list")
def list_users(
    tenant: TenantOption, deployed: DeployedOption = False, profile: ProfileOption = LOCAL
) -> None:
    """List the users of a tenant with their roles."""
    table = Listing("user", "email", "role", "state", whole=("user", "email"))
    for user in _of_tenant(_pool(profile, deployed).users(), tenant):
        table.add_row(user.username, user.email, user.role, _state(user))
    console = new_console()
    console.print(table if table else f"{tenant} has no users.")


@app.command()
def check(deployed: DeployedOption = False, profile: ProfileOption = LOCAL) -> None:
    """Name the tenants that have users and no admin."""
    pool = _pool(profile, deployed)
    tenants = without_admin(pool.users())
    for tenant in tenants:
        say(f"{tenant} has no {ADMIN}: studio ops user role EMAIL {ADMIN} --tenant {tenant}")
    if not tenants:
        say(f"Every tenant with users has an {ADMIN}.")


def _pool(profile_name: str, deployed: bool) -> UserPool:
    if deployed:
        aws, outputs = deployed_stack()
        return UserPool(aws.cognito, profile_from_outputs("", outputs, aws.region).user_pool_id)
    profile = load_profile(profile_name)
    return UserPool(Aws(profile.region, profile.endpoint).cognito, profile.user_pool_id)


def _of_tenant(users: list[User], tenant: str) -> list[User]:
    return [user for user in users if user.tenant == tenant]


def _temporary_password() -> str:
    text: str = typer.prompt("Temporary password", hide_input=True, confirmation_prompt=True)
    return text


def _state(user: User) -> str:
    return user.status.lower().replace("_", " ") if user.enabled else "disabled"
