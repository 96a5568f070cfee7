"""The API's answers: documents, problems, and whether to try again."""

import httpx

from studio_cli.errors import ApiError, CliError, SignedOutError, WrongField

RETRYABLE_STATUS = frozenset({429, 502, 503, 504})


def document(answer: httpx.Response) -> object:
    """Return the JSON document of an answer.

    Raises:
        CliError: The answer is not JSON.
    """
    try:
        return answer.json()
    except ValueError as error:
        raise CliError(
            f"{answer.url} answered with something that is not JSON.",
            "check the API URL of the profile",
        ) from error


def retry_after(answer: httpx.Response) -> float | None:
    """Return the seconds of the header Retry-After; None without a number of seconds."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else None


def api_error(answer: httpx.Response) -> ApiError:
    """Return the error that an answer with a status of 400 or more describes."""
    problem = _problem(answer)
    errors = problem.get("errors")
    fields = [
        WrongField(str(entry.get("pointer", "")), str(entry.get("detail", "")))
        for entry in (errors if isinstance(errors, list) else [])
        if isinstance(entry, dict)
    ]
    kind = SignedOutError if answer.status_code == 401 else ApiError
    return kind(
        status=answer.status_code,
        title=str(problem.get("title") or f"The API answered {answer.status_code}"),
        detail=str(problem.get("detail") or ""),
        code=str(problem.get("code") or ""),
        fields=fields,
        next_step=_next_step(answer.status_code),
    )


def _next_step(status: int) -> str | None:
    if status == 401:
        return "sign in again: studio login (local: studio local up)"
    if status >= 500:
        return "read its log (local: .local/ministack.log)"
    return None


def _problem(answer: httpx.Response) -> dict[str, object]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
