"""Tables of batches as CSV text."""

SIZE = "1024x1024"


def table(*prompts: str) -> str:
    """Return a table with a row for each prompt."""
    return "prompt,size\n" + "".join(f"{prompt},{SIZE}\n" for prompt in prompts)
