"""``studio spend``: what the account spends this month."""

from decimal import Decimal

from studio_cli.amounts import dollars
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console


def spend(profile: ProfileOption = LOCAL) -> None:
    """Show what the account has spent and reserved this month (UTC), and its limit."""
    with open_client(profile) as client:
        me = client.me()
    month, console = me["month"], new_console()
    spent, reserved = month["spent"]["amount"], month["reserved"]["amount"]
    console.print(f"account   {me['account_id']}")
    console.print(f"spent     {dollars(spent)} this month")
    console.print(f"reserved  {dollars(reserved)} by work that has not ended")
    if month["limit"] is None:
        console.print("limit     none")
        return
    limit = Decimal(month["limit"]["amount"])
    left = max(limit - Decimal(spent) - Decimal(reserved), Decimal(0))
    console.print(f"limit     {dollars(limit)}, {dollars(left)} left")
