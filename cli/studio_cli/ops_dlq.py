"""``studio ops dlq``: what could not be delivered, and its replay."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from studio_cli.dead_letters import QUEUE, DeadLetter, read_letter
from studio_cli.errors import CliError
from studio_cli.ops_stack import DeployedOption, OperatedStack, open_stack
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption
from studio_cli.tables import Listing, second
from studio_cli.terminal import new_console, say, say_json

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef, SendMessageRequestTypeDef

app = typer.Typer(no_args_is_help=True, help="Read and replay what could not be delivered.")

DEAD_LETTERS = "DeadLetterQueue"
_READ_SECONDS = 60
_REPLAY_SECONDS = 960
"""A message stays hidden for longer than the longest function runs."""
_SHOWN = 200
_A_BATCH = 10

MessageArgument = Annotated[str, typer.Argument(metavar="MESSAGE", help="Id of the message.")]


@app.command("list")
def list_letters(deployed: DeployedOption = False, profile: ProfileOption = LOCAL) -> None:
    """List the messages of the dead-letter queue, oldest first."""
    with _held(open_stack(profile, deployed=deployed), _READ_SECONDS) as letters:
        found = list(letters.values())
    table = Listing("message", "kind", "for", "tenant", "about", "since (UTC)", "why")
    for one in found:
        since, why = second(one.at.isoformat()), one.reason[:_SHOWN]
        table.add_row(
            one.message_id, one.kind, one.target or "?", one.tenant, one.subject, since, why
        )
    new_console().print(table if found else "The dead-letter queue is empty.")


@app.command()
def show(
    message: MessageArgument, deployed: DeployedOption = False, profile: ProfileOption = LOCAL
) -> None:
    """Show one message with what it carries."""
    with _held(open_stack(profile, deployed=deployed), _READ_SECONDS) as letters:
        one = _chosen(letters, [message])[0]
    say(f"kind    {one.kind}")
    say(f"for     {one.target or 'not known: no replay'}")
    say(f"tenant  {one.tenant or 'none'}")
    say(f"about   {one.subject or 'nothing named'}")
    say(f"since   {second(one.at.isoformat())} UTC")
    say(f"why     {one.reason}")
    try:
        say_json(json.loads(one.body))
    except ValueError:
        say(one.body)


@app.command()
def replay(
    messages: Annotated[
        list[str] | None, typer.Argument(metavar="MESSAGE", help="Ids of messages.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Replay every message.")] = False,
    deployed: DeployedOption = False,
    profile: ProfileOption = LOCAL,
) -> None:
    """Send messages where they belong; delete each after that succeeded.

    Work that was done before stays as it is. The exit code is 1 if a message stays in the queue.
    """
    if every == bool(messages):
        raise CliError("Give ids of messages, or --all.", "see them: studio ops dlq list")
    stack, failed = open_stack(profile, deployed=deployed), 0
    with _held(stack, _READ_SECONDS) as letters:
        chosen = list(letters.values()) if every else _chosen(letters, messages or [])
        for one in chosen:
            fault = _replay(stack, one)
            if fault is None:
                del letters[one.message_id]
                say(f"{one.message_id} replayed: {one.target} {one.subject}".rstrip())
            else:
                failed += 1
                say(f"{one.message_id} stays: {fault}")
    say(f"{len(chosen) - failed} of {len(chosen)} messages are replayed.")
    if failed:
        raise typer.Exit(1)


def _replay(stack: OperatedStack, letter: DeadLetter) -> str | None:
    """Send a message and delete it; return why that failed."""
    if letter.target is None:
        return "where it belongs is not known; read it with studio ops dlq show"
    queue = stack.resource(DEAD_LETTERS)
    try:
        stack.aws.sqs.change_message_visibility(
            QueueUrl=queue, ReceiptHandle=letter.receipt, VisibilityTimeout=_REPLAY_SECONDS
        )
        if letter.target == QUEUE:
            _send(stack, letter)
        elif fault := _invoke(stack, letter):
            return fault
        stack.aws.sqs.delete_message(QueueUrl=queue, ReceiptHandle=letter.receipt)
    except (BotoCoreError, ClientError) as error:
        return str(error)[:_SHOWN]
    return None


def _send(stack: OperatedStack, letter: DeadLetter) -> None:
    request: SendMessageRequestTypeDef = {
        "QueueUrl": stack.resource(QUEUE),
        "MessageBody": letter.body,
    }
    if letter.group:
        request["MessageGroupId"] = letter.group
    stack.aws.sqs.send_message(**request)


def _invoke(stack: OperatedStack, letter: DeadLetter) -> str | None:
    """Run the function and wait for it; return its error."""
    function = stack.resource(letter.target or "")
    answer = stack.aws.lambda_.invoke(FunctionName=function, Payload=letter.body)
    if not answer.get("FunctionError"):
        return None
    error = json.loads(answer["Payload"].read())
    text = f"{letter.target} failed: {error.get('errorType')}: {error.get('errorMessage')}"
    return text[:_SHOWN]


@contextmanager
def _held(stack: OperatedStack, seconds: int) -> Iterator[dict[str, DeadLetter]]:
    """Take all messages, oldest first; what is left at the end is visible again."""
    queue = stack.resource(DEAD_LETTERS)
    taken = _take(stack, queue, seconds)
    read = (read_letter(message, stack.resources) for message in taken.values())
    letters = {one.message_id: one for one in sorted(read, key=lambda one: one.at)}
    try:
        yield letters
    finally:
        left = list(letters.values())
        for start in range(0, len(left), _A_BATCH):
            stack.aws.sqs.change_message_visibility_batch(
                QueueUrl=queue,
                Entries=[
                    {"Id": str(place), "ReceiptHandle": one.receipt, "VisibilityTimeout": 0}
                    for place, one in enumerate(left[start : start + _A_BATCH])
                ],
            )


def _take(stack: OperatedStack, queue: str, seconds: int) -> "dict[str, MessageTypeDef]":
    """Receive messages until there is no other one."""
    found: dict[str, MessageTypeDef] = {}
    while True:
        answer = stack.aws.sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=_A_BATCH,
            VisibilityTimeout=seconds,
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        fresh = {one["MessageId"]: one for one in answer.get("Messages", [])}
        known = fresh.keys() <= found.keys()
        found |= fresh
        if known:
            return found


def _chosen(letters: dict[str, DeadLetter], wanted: list[str]) -> list[DeadLetter]:
    missing = [one for one in wanted if one not in letters]
    if missing:
        raise CliError(
            f"The queue has no message {missing[0]} now.", "see them: studio ops dlq list"
        )
    return [letters[one] for one in dict.fromkeys(wanted)]
