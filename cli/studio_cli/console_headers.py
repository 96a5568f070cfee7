"""The headers that ``template.yaml`` gives to the pages of the console."""

from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short intrinsic functions as their arguments."""


def _argument(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 - there is no fourth kind
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _argument)


def page_headers(template: Path, local_origin: str) -> dict[str, str]:
    """Return the headers of the resource ``ConsoleHeaders`` for the local stack.

    Strict-Transport-Security is left out, because the local console speaks plain HTTP.

    Args:
        template: The file ``template.yaml``.
        local_origin: Origin of the local AWS, which serves files and sign-in.
    """
    document: Any = yaml.load(template.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    config = document["Resources"]["ConsoleHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    policy, origins = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    for name in origins:
        policy = policy.replace(f"${{{name}}}", local_origin)
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]},
    }
