"""The prompts that come with the studio, from ``builtin.json``."""

import json
from functools import lru_cache


@lru_cache(maxsize=1)
def builtin_image_template() -> str:
    """Return the image template for accounts without one."""
    # Imported late: it loads tempfile and zipfile, which few requests need.
    from importlib.resources import files

    document = json.loads(files("studio.domain.prompts").joinpath("builtin.json").read_bytes())
    return str(document["image_template"])
