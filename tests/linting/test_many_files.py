"""Runs over many files: the same whatever the number of processes, and whatever the cache holds."""

from __future__ import annotations

import json
from pathlib import Path
from zlib import crc32

import pytest

from cnncalc.linting import cache as cache_module
from cnncalc.linting import workers
from cnncalc.linting.cache import Cache
from cnncalc.linting.engine import check
from cnncalc.linting.records import as_record, from_record
from cnncalc.linting.run import Result, run
from cnncalc.linting.settings import Settings

COUNT = 12


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve specs: file 3 has an unseen border, file 7 an unknown type, file 9 cannot be read as text."""
    specs = tmp_path / "specs"
    specs.mkdir()
    for number in range(COUNT):
        size = 11 if number == 3 else 12
        kind = "max_pol" if number == 7 else "max_pool"
        text = f"name: net{number}\ninput: {size}x{size}x3\nlayers: [conv 4 3x3 p1 relu, {kind} 2]\n"
        (specs / f"{number:02}.yaml").write_text(text, encoding="utf-8")
    (specs / "09.yaml").write_bytes(b"name: x\ninput: \xff\nlayers: []\n")
    monkeypatch.chdir(tmp_path)
    return specs


def found(result: Result) -> list[tuple[str, str, int]]:
    return [(finding.file, finding.code, finding.line) for finding in result.findings]


EXPECTED = [("specs/03.yaml", "A101", 3), ("specs/07.yaml", "E202", 3), ("specs/09.yaml", "E104", 2)]


@pytest.mark.parametrize("jobs", [None, 1, 2, 5])
def test_the_number_of_processes_changes_nothing(folder: Path, jobs: int | None) -> None:
    result = run(["specs"], jobs=jobs)
    assert found(result) == EXPECTED
    assert [finding.to_dict() for finding in result.findings] == [
        finding.to_dict() for finding in run(["specs"]).findings
    ]


def entries(folder: Path) -> list[Path]:
    return sorted((folder.parent / "kept" / "lint").rglob("*.json"))


def test_what_is_kept_is_found_again(folder: Path) -> None:
    """The second run takes every file that could be read from the cache, and says the same."""
    first = run(["specs"], cache="kept")
    kept = entries(folder)
    assert len(kept) == COUNT - 1
    for path in kept:  # what the second run says comes from here
        records = json.loads(path.read_text(encoding="utf-8").partition("\n")[2])
        text = json.dumps([{**record, "message": "from the cache"} for record in records])
        path.write_text(f"{crc32(text.encode()):08x}\n{text}", encoding="utf-8")
    second = run(["specs"], cache="kept")
    assert found(first) == found(second) == EXPECTED
    assert [finding.message for finding in second.findings][:2] == ["from the cache"] * 2


def test_an_edit_is_seen(folder: Path) -> None:
    run(["specs"], cache="kept")
    path = folder / "03.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("11x11", "12x12"), encoding="utf-8")
    assert found(run(["specs"], cache="kept")) == EXPECTED[1:]


def test_an_edit_that_moves_a_finding_is_seen(folder: Path) -> None:
    run(["specs"], cache="kept")
    path = folder / "03.yaml"
    path.write_text("# a comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert found(run(["specs"], cache="kept"))[0] == ("specs/03.yaml", "A101", 4)


def test_another_configuration_is_seen(folder: Path) -> None:
    run(["specs"], cache="kept")
    (folder.parent / "cnncalc.toml").write_text('ignore = ["A101"]\n', encoding="utf-8")
    assert found(run(["specs"], cache="kept")) == EXPECTED[1:]
    assert found(run(["specs"], Settings(select=("A101",)), cache="kept"))[0] == EXPECTED[0]


def test_a_budget_is_seen(folder: Path) -> None:
    """4·(27 + 1) = 112 parameters."""
    run(["specs"], cache="kept")
    (folder.parent / "cnncalc.toml").write_text('[budgets]\n"specs/00.yaml" = {params = 100}\n', encoding="utf-8")
    assert found(run(["specs"], cache="kept"))[0][:2] == ("specs/00.yaml", "E402")


def test_an_upgrade_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other sources of the tool, other entries."""
    run(["specs"], cache="kept")
    monkeypatch.setattr(cache_module, "tool_state", lambda: "another version")
    run(["specs"], cache="kept")
    assert len(entries(folder)) == 2 * (COUNT - 1)


@pytest.mark.parametrize(
    "damage",
    ["", "{", "{}", "[]", "[]]", "[1]", '[{"code": "A101"}]', "null", "00000000\n[]", "\0" * 300, "[" * 100_000],
)
def test_a_damaged_entry_is_made_again(folder: Path, damage: str) -> None:
    """Even one that reads as though nothing had been found."""
    run(["specs"], cache="kept")
    for path in entries(folder):
        path.write_text(damage, encoding="utf-8")
    assert found(run(["specs"], cache="kept")) == EXPECTED


def test_a_cache_that_cannot_be_written_is_none(folder: Path) -> None:
    (folder.parent / "kept").write_text("a file", encoding="utf-8")
    assert found(run(["specs"], cache="kept")) == EXPECTED


def test_a_cache_may_be_deleted_and_says_so(folder: Path) -> None:
    run(["specs"], cache="kept")
    kept = folder.parent / "kept"
    assert (kept / "CACHEDIR.TAG").read_text(encoding="utf-8").startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert (kept / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_a_few_files_leave_nothing_behind(folder: Path) -> None:
    run(["specs/00.yaml", "specs/03.yaml"], cache="kept")
    assert not (folder.parent / "kept").exists()


def test_the_state_of_the_tool_has_its_sources() -> None:
    """Any source file counts, and the state is the same when nothing changed."""
    cache_module.tool_state.cache_clear()
    first = cache_module.tool_state()
    cache_module.tool_state.cache_clear()
    assert cache_module.tool_state() == first
    assert len(first) == 64


def test_records_keep_everything(folder: Path) -> None:
    """Findings with fixes, further layers and variants come back as they were."""
    from cnncalc.diagnostics import Source
    from cnncalc.linting.discovery import Target

    text = "input: 12x12x3\n# cnncalc: ignore[A101] why\nlayers: [abs]\n"
    target = Target("a.yaml", text)
    findings = check(target, Settings().plan_for("a.yaml"))
    assert findings
    again = [from_record(json.loads(json.dumps(as_record(each))), Source("a.yaml", text)) for each in findings]
    assert [each.to_dict() for each in again] == [each.to_dict() for each in findings]
    assert any(each.fix for each in again)


def test_nothing_is_kept_without_a_folder() -> None:
    from cnncalc.diagnostics import Source

    nothing = Cache(None)
    nothing.put("0" * 64, [])
    assert nothing.get("0" * 64, Source("a", "")) is None
    assert workers.WORTH_A_CACHE > 1
