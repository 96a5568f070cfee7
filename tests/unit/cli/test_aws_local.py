import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from studio_cli.aws import LOCAL_REGION, Aws
from studio_cli.aws_local import LocalAws, clean_environment, free_port
from studio_cli.errors import CliError
from tests.support.cli.stand_in import ScriptedResponse, StandIn


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another process listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port: int = listener.getsockname()[1]
        yield port


@pytest.fixture
def gone() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def record(folder: Path, pid: int, port: int = 1) -> None:
    (folder / "stack.json").write_text(json.dumps({"pid": pid, "port": port}))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_port_that_is_taken_is_passed_over(taken: int) -> None:
    found = free_port(taken)
    assert found > taken
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", found))


def test_a_free_port_is_taken_as_it_is(taken: int) -> None:
    free = free_port(taken)
    assert free_port(free) == free


def test_a_child_learns_no_secret_and_no_import_path(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "PYTHONPATH"):
        monkeypatch.setenv(name, "caller's own")
    monkeypatch.setenv("NO_PROXY", "intranet")
    environment = clean_environment()
    assert "caller's own" not in environment.values()
    assert environment["PATH"] == os.environ["PATH"]
    assert environment["NO_PROXY"] == environment["no_proxy"] == "intranet,127.0.0.1,localhost"


def test_a_stale_record_of_a_process_that_is_gone_is_forgotten(tmp_path: Path, gone: int) -> None:
    record(tmp_path, gone)
    aws = LocalAws(tmp_path)
    assert aws.running() is None
    assert aws.down() is False
    assert not (tmp_path / "stack.json").exists()


def test_a_healthy_local_aws_of_another_project_is_not_taken_for_ours(
    tmp_path: Path, gone: int, api: StandIn
) -> None:
    api.on("GET", "/_ministack/health", ScriptedResponse({}))
    record(tmp_path, gone, int(api.url.rsplit(":", 1)[1]))
    assert LocalAws(tmp_path).running() is None


def test_a_stranger_that_got_the_old_pid_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        record(tmp_path, stranger.pid)
        aws = LocalAws(tmp_path)
        assert aws.running() is None
        assert aws.down() is False
        assert stranger.poll() is None
        stranger.communicate(b"\n")


@pytest.mark.local_aws
def test_a_local_aws_starts_beside_a_taken_port_is_reused_and_stopped(
    tmp_path: Path, taken: int
) -> None:
    aws = LocalAws(tmp_path / "local", first_port=taken)
    try:
        started = aws.up()
        assert started.port > taken
        assert aws.running() == started
        assert LocalAws(tmp_path / "local").up() == started
        health = httpx.get(f"{started.endpoint}/_ministack/health", trust_env=False).json()
        assert health["auth"] == "enabled"
    finally:
        stopped = aws.down()
    assert stopped is True
    assert aws.running() is None
    assert not alive(started.pid)


@pytest.mark.local_aws
def test_the_state_of_a_local_aws_outlives_a_restart_and_is_private(tmp_path: Path) -> None:
    aws = LocalAws(tmp_path / "local")
    name = "/image-studio/providers/openai/default"
    try:
        first = Aws(LOCAL_REGION, aws.up().endpoint)
        first.ssm.put_parameter(Name=name, Value="key", Type="SecureString")
        aws.down()
        again = Aws(LOCAL_REGION, aws.up().endpoint)
        kept = again.ssm.get_parameter(Name=name, WithDecryption=True)
    finally:
        aws.down()
    assert kept["Parameter"]["Value"] == "key"
    assert stat.S_IMODE((tmp_path / "local").stat().st_mode) == 0o700


def test_a_local_aws_that_dies_at_once_is_shown_with_its_log(tmp_path: Path) -> None:
    folder = tmp_path / "local"
    folder.mkdir()
    (folder / "ministack.py").write_text("raise SystemExit('cannot start')")  # found first
    aws = LocalAws(folder)
    with pytest.raises(CliError, match="cannot start") as caught:
        aws.up()
    assert "ministack.log" in str(caught.value.next_step)
    assert aws.running() is None
