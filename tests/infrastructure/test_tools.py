"""The checks of dependencies and of the built artifact find what they are there for."""

import gzip
import json
import py_compile
import random
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.mock_aws.stack import ROOT
from tests.support.template.functions import functions
from tools.artifact import LIMITS, MEGABYTE, faults, layers_of_functions, sizes
from tools.audit import judge
from tools.console_weight import KILOBYTE, loads

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
LAYERS = {"ApiFunction": ["CoreLayer"]}
SOUND = {"name": "sound", "version": "1.0", "vulns": []}
FLAWED = {
    "name": "flawed",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}],
}
STRANGE = {"name": "strange", "skip_reason": "not found"}


def report(*dependencies: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_a_known_vulnerability_fails_the_audit() -> None:
    code, lines = judge(report(SOUND, FLAWED, STRANGE), "")

    assert code == 1
    assert lines == ["flawed 1.0: PYSEC-1, fixed in 1.1", "1 known vulnerabilities"]


def test_an_audit_without_findings_passes_and_names_what_it_left_out() -> None:
    assert judge(report(SOUND), "") == (0, ["1 packages audited, no known vulnerability"])
    code, lines = judge(report(SOUND, STRANGE), "")
    assert code == 0
    assert "NOT AUDITED: 1" in lines[-1]
    assert "strange" in lines[-1]


@pytest.mark.parametrize(
    ("output", "errors"),
    [
        (report(STRANGE), ""),
        ("", "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed"),
        ("", "requests.exceptions.HTTPError: 503 Server Error"),
    ],
)
def test_a_service_that_cannot_be_asked_is_no_clean_bill(output: str, errors: str) -> None:
    code, lines = judge(output, errors)

    assert code == 0
    assert lines[0].startswith("NOT AUDITED")


def test_an_audit_that_breaks_fails() -> None:
    assert judge("", "ERROR: invalid requirement")[0] == 1
    assert judge("", "")[0] == 1


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build without a fault: one module in a layer and one function."""
    for source in (tmp_path / "CoreLayer/python/module.py", tmp_path / "ApiFunction/handler.py"):
        source.parent.mkdir(parents=True)
        source.write_text("VALUE = 1\n")
        compile_quietly(source, py_compile.PycInvalidationMode.UNCHECKED_HASH)
    return tmp_path


def compile_quietly(source: Path, mode: py_compile.PycInvalidationMode) -> None:
    py_compile.compile(str(source), doraise=True, invalidation_mode=mode)


def test_a_sound_build_has_no_fault(build: Path) -> None:
    assert list(faults(build, RUNTIME, LAYERS)) == []


def test_a_module_that_is_not_compiled_is_found(build: Path) -> None:
    (build / "CoreLayer/python/late.py").write_text("")

    assert list(faults(build, RUNTIME, LAYERS)) == [
        f"CoreLayer/python/late.py is not compiled for {RUNTIME}"
    ]


def test_compiled_for_another_runtime_is_not_compiled(build: Path) -> None:
    assert len(list(faults(build, "python3.99", LAYERS))) == 2


def test_a_module_that_would_be_checked_at_each_import_is_found(build: Path) -> None:
    source = build / "ApiFunction/handler.py"
    compile_quietly(source, py_compile.PycInvalidationMode.TIMESTAMP)

    (fault,) = faults(build, RUNTIME, LAYERS)
    assert "is checked against its source" in fault


def test_a_library_for_another_processor_is_found(build: Path) -> None:
    (build / "CoreLayer/python/fast.abi3-x86_64-linux-gnu.so").write_bytes(b"")

    (fault,) = faults(build, RUNTIME, LAYERS)
    assert "built for another processor" in fault


def test_a_library_for_another_python_is_found(build: Path) -> None:
    (build / "CoreLayer/python/fast.cpython-399-aarch64-linux-gnu.so").write_bytes(b"")
    (build / "CoreLayer/python/stable.abi3.so").write_bytes(b"")

    (fault,) = faults(build, RUNTIME, LAYERS)
    assert (
        fault
        == f"CoreLayer/python/fast.cpython-399-aarch64-linux-gnu.so is not built for {RUNTIME}"
    )


def test_a_function_that_is_too_big_with_its_layers_is_found(build: Path) -> None:
    with (build / "CoreLayer/data").open("wb") as data:
        data.truncate((LIMITS["ApiFunction"] + 1) * MEGABYTE)

    (fault,) = faults(build, RUNTIME, LAYERS)
    assert fault.startswith("ApiFunction has 31.0 MB")
    assert sizes(build, LAYERS)["all layers"] > LIMITS["ApiFunction"]


def test_layers_are_read_from_the_template() -> None:
    found = layers_of_functions(ROOT / "template.yaml")

    assert found == {f"{one.name}Function": list(one.layers) for one in functions()}


def built(folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, object]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / ".vite").mkdir()
    (folder / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_a_console_that_is_too_heavy_fails_by_first_load_and_by_page(tmp_path: Path) -> None:
    heavy = random.Random(1).randbytes(21 * KILOBYTE)  # noqa: S311 - no secret
    dist = built(
        tmp_path,
        {"main.js": heavy, "shared.js": heavy * 4, "page.js": heavy, "main.css": heavy},
        {
            "main.tsx": {"file": "main.js", "isEntry": True, "css": ["main.css"],
                         "imports": ["_shared"], "dynamicImports": ["page.tsx"]},
            "_shared": {"file": "shared.js"},
            "page.tsx": {"file": "page.js", "isDynamicEntry": True, "imports": ["_shared"]},
        },
    )  # fmt: skip

    first, page = loads(dist)

    assert [fault.split(":")[0] for fault in first.faults()] == ["first load"]
    assert first.sizes[".css"] > 8 * KILOBYTE
    assert len(page.faults()) == 1
    assert page.sizes == {".js": len(gzip.compress(heavy))}


@pytest.mark.parametrize("lock", ["web/package-lock.json", "tests/clients/package-lock.json"])
def test_lock_files_hold_hashes_and_no_addresses(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text())["packages"]
    of_others = [entry for name, entry in packages.items() if name]

    assert of_others
    assert all(entry["integrity"].startswith("sha512-") for entry in of_others)
    assert not any("resolved" in entry for entry in of_others)
