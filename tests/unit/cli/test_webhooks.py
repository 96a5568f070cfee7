"""``studio webhook``."""

from pathlib import Path

from tests.support.cli.running import PAGE, studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn


def test_a_webhook_shows_its_secret_and_its_log(signed_in: Path, api: StandIn) -> None:
    api.on(
        "POST",
        "/v1/webhooks",
        ScriptedResponse({"id": "whk_1", "secret": "shown-once"}, status=201),
    )
    result = studio("webhook", "add", "https://example.org/", "--events", "job.*")
    assert "shown-once" in result.output
    assert api.of("POST", "/v1/webhooks")[0].document == {
        "url": "https://example.org/",
        "events": ["job.*"],
    }
    delivery = {
        "id": "dlv_1", "event_type": "job.failed", "status": "waiting",
        "attempts": [{"status": None, "error": "does not answer"}],
    }  # fmt: skip
    log = "/v1/webhooks/whk_1/deliveries"
    api.on("GET", log, ScriptedResponse({"data": [delivery], "page": PAGE}))
    assert "does not answer" in studio("webhook", "deliveries", "whk_1").output
    api.on("POST", f"{log}/dlv_1/redeliver", ScriptedResponse(delivery, status=202))
    assert "waiting" in studio("webhook", "redeliver", "whk_1", "dlv_1").output
    hook = {
        "id": "whk_1", "url": "https://example.org/", "events": ["job.*"],
        "active": False, "disabled_reason": "410",
    }  # fmt: skip
    api.on("GET", "/v1/webhooks", ScriptedResponse({"data": [hook]}))
    assert "410" in studio("webhook", "list").output
