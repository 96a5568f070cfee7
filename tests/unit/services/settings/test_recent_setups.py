"""RecentSetups: what a tenant has set up is read at most every few seconds."""

from studio.domain.integrations.model import AccountSetup, KeyRecord, ProviderAccess
from studio.domain.jobs.model import NO_DEFAULTS, OrderDefaults
from studio.domain.settings.model import ImageGenerationSettings
from studio.services.settings.recent_setups import KEPT_SECONDS, RecentSetups
from tests.support.fakes.edges import START

KEY = KeyRecord("wxyz", START, "ann", 1)
NOTHING = AccountSetup(ImageGenerationSettings(), ProviderAccess({}, frozenset({"openai"})))
RUNWARE = AccountSetup(
    ImageGenerationSettings(provider="runware", model=None, source="stored"),
    ProviderAccess({"runware": KEY}, frozenset({"openai"}), frozenset({"bedrock"})),
)


def test_a_setup_is_read_again_after_a_few_seconds() -> None:
    now, asked = [0.0], []
    stored = {"acme": RUNWARE}

    def read(tenant: str) -> AccountSetup:
        asked.append(tenant)
        return stored.get(tenant, NOTHING)

    setups = RecentSetups(read, lambda: now[0])
    runware = OrderDefaults("runware", None, "webp")
    assert [setups.defaults(name) for name in ("acme", "acme", "rival")] == [
        runware, runware, NO_DEFAULTS,
    ]  # fmt: skip
    assert setups.missing("acme", ["openai", "runware", "gemini"]) == {"gemini"}
    assert setups.missing("rival", ["openai", "runware", "gemini"]) == {"runware", "gemini"}
    assert setups.disabled("acme", ["openai", "bedrock"]) == {"bedrock"}
    assert setups.disabled("rival", ["openai", "bedrock"]) == frozenset()
    assert asked == ["acme", "rival"]
    del stored["acme"]
    now[0] = KEPT_SECONDS - 0.1
    assert setups.missing("acme", ["runware"]) == frozenset()
    now[0] = KEPT_SECONDS
    assert setups.missing("acme", ["runware"]) == {"runware"}
    assert asked == ["acme", "rival", "acme"]


def test_a_forgotten_tenant_is_read_at_once() -> None:
    asked: list[str] = []

    def read(tenant: str) -> AccountSetup:
        asked.append(tenant)
        return NOTHING

    setups = RecentSetups(read, lambda: 0.0)
    setups.of("acme")
    setups.forget("acme")
    setups.forget("rival")
    setups.of("acme")
    assert asked == ["acme", "acme"]


def test_while_the_keys_of_the_stack_are_not_known_none_is_missing() -> None:
    unknown = AccountSetup(ImageGenerationSettings(), ProviderAccess({}, None))
    assert RecentSetups(lambda _: unknown).missing("acme", ["openai"]) == frozenset()
