"""RecentDefaults: settings are read at most every few seconds for a tenant."""

from studio.domain.jobs.model import NO_DEFAULTS, OrderDefaults
from studio.domain.settings.model import ImageGenerationSettings
from studio.services.settings.recent_defaults import KEPT_SECONDS, RecentDefaults


def test_settings_are_read_again_after_a_few_seconds() -> None:
    now, asked = [0.0], []
    stored = {"acme": ImageGenerationSettings(provider="runware", model=None, source="stored")}

    def read(tenant: str) -> ImageGenerationSettings:
        asked.append(tenant)
        return stored.get(tenant, ImageGenerationSettings())

    defaults = RecentDefaults(read, lambda: now[0])
    runware = OrderDefaults("runware", None, "webp")
    assert [defaults("acme"), defaults("acme"), defaults("rival")] == [
        runware, runware, NO_DEFAULTS,
    ]  # fmt: skip
    assert asked == ["acme", "rival"]
    del stored["acme"]
    now[0] = KEPT_SECONDS - 0.1
    assert defaults("acme") == runware
    now[0] = KEPT_SECONDS
    assert defaults("acme") == NO_DEFAULTS
    assert asked == ["acme", "rival", "acme"]


def test_a_forgotten_tenant_is_read_at_once() -> None:
    asked: list[str] = []

    def read(tenant: str) -> ImageGenerationSettings:
        asked.append(tenant)
        return ImageGenerationSettings()

    defaults = RecentDefaults(read, lambda: 0.0)
    defaults("acme")
    defaults.forget("acme")
    defaults.forget("rival")
    defaults("acme")
    assert asked == ["acme", "acme"]
