"""Which adapter belongs to which provider, and what importing them costs."""

import subprocess
import sys

import pytest

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.entries import provider_ids
from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError, UnknownProviderError
from studio.ports.web import Fetcher
from studio.providers.registry import make_provider

KEY = Credentials("sk-planted-0123456789")


def _no_fetcher() -> Fetcher:
    raise AssertionError("nothing is fetched by making an adapter")


@pytest.mark.parametrize(
    ("provider", "adapter", "repeatable"),
    [
        ("gemini", "GeminiProvider", False),
        ("openai", "OpenAIProvider", False),
        ("runware", "RunwareProvider", False),
        ("stability", "StabilityProvider", False),
    ],
)
def test_a_provider_with_a_key(provider: str, adapter: str, repeatable: bool) -> None:
    made = make_provider(provider, KEY, _no_fetcher)
    assert type(made).__name__ == adapter
    assert made.repeatable is repeatable
    assert KEY.api_key not in repr(made)


def test_bedrock_asks_the_region_that_the_stack_names() -> None:
    made = make_provider("bedrock", Credentials(""), _no_fetcher, "us-east-1")
    assert type(made).__name__ == "BedrockProvider"
    assert made.repeatable is False
    assert "https://bedrock-runtime.us-east-1.amazonaws.com" in vars(made).values()


def test_hugging_face_gets_results_from_the_addresses_that_its_providers_name() -> None:
    made = make_provider("huggingface", KEY, GuardedClient)
    assert type(made).__name__ == "HuggingFaceProvider"
    assert made.repeatable is False
    assert GuardedClient in vars(made).values()
    assert KEY.api_key not in repr(made)


def test_wavespeed_gets_results_from_the_addresses_that_it_names() -> None:
    made = make_provider("wavespeed", KEY, GuardedClient)
    assert type(made).__name__ == "WaveSpeedProvider"
    assert made.repeatable is False
    assert GuardedClient in vars(made).values()
    assert KEY.api_key not in repr(made)


def test_the_built_in_provider_needs_no_key() -> None:
    made = make_provider("builtin", None, _no_fetcher)
    assert type(made).__name__ == "BuiltinProvider"
    assert made.repeatable is True


@pytest.mark.parametrize("provider", ["gemini", "openai", "runware", "stability", "wavespeed"])
def test_without_a_key_there_is_no_adapter(provider: str) -> None:
    with pytest.raises(CredentialsMissingError) as caught:
        make_provider(provider, None, _no_fetcher)
    assert str(caught.value).endswith(f": store one under the stack's providers/{provider}/default")


@pytest.mark.parametrize("provider", sorted(set(provider_ids()) - {"builtin"}))
def test_each_provider_has_an_adapter_and_loads_no_other(provider: str) -> None:
    code = f"""
from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_ids
from studio.domain.provider_calls.model import Credentials
from studio.providers.registry import make_provider
make_provider({provider!r}, Credentials("sk-1"), GuardedClient)
"""
    loaded = {name.removeprefix("studio.providers.") for name in modules_after(code)}
    assert loaded & set(provider_ids()) == {provider}


def test_an_unknown_provider() -> None:
    with pytest.raises(UnknownProviderError):
        make_provider("imagen", KEY, _no_fetcher)


HEAVY = {"boto3", "botocore", "pydantic", "PIL", "studio_imaging"}


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import studio.providers.registry", HEAVY | {"httpx", "importlib.resources"}),
        ("import studio.providers.gemini.adapter", HEAVY),
        ("import studio.providers.huggingface.adapter", HEAVY),
        ("import studio.providers.openai.adapter, studio.providers.runware.adapter", HEAVY),
        # It signs with botocore, which its function has loaded anyway, and makes no client.
        ("import studio.providers.bedrock.adapter", HEAVY - {"botocore"}),
        ("import studio.providers.stability.adapter", HEAVY),
        ("import studio.providers.wavespeed.adapter", HEAVY),
        ("import studio.providers.builtin.adapter", HEAVY | {"httpx"}),
    ],
)
def test_importing_pulls_in_nothing_heavy(code: str, absent: set[str]) -> None:
    assert absent.isdisjoint(modules_after(code))


def modules_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after running code."""
    report = f"{code}\nimport sys; print(*sys.modules)"
    path = ":".join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, "-c", report],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())
