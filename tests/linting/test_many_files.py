"""Runs over many files: the same whatever the number of processes, and whatever the cache holds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from cnncalc.linting import cache as cache_module
from cnncalc.linting import workers
from cnncalc.linting.cache import Cache
from cnncalc.linting.discovery import Target
from cnncalc.linting.engine import check
from cnncalc.linting.linted_spec import Budget
from cnncalc.linting.records import Record, as_record, from_record
from cnncalc.linting.run import Result, run
from cnncalc.linting.settings import Plan, Settings
from cnncalc.reading.limits import Limits

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
        reseal(path, json.dumps([{**record, "message": "from the cache"} for record in records]))
    second = run(["specs"], cache="kept")
    assert found(first) == found(second) == EXPECTED
    assert [finding.message for finding in second.findings][:2] == ["from the cache"] * 2


def reseal(path: Path, text: str) -> None:
    """Write an entry with a digest that holds."""
    path.write_text(f"{cache_module.seal(path.parent.name + path.stem, text)}\n{text}", encoding="utf-8")


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


OTHER: Plan = Plan(
    Settings(("A101",)).plan_for("a.yaml").rules, (Budget("params", 7, each=False),), (("A101", "info"),),
    Limits(layers=11), (("", (5, 7, 3)),), (("scale", "s"),),
)  # fmt: skip
"""A plan that differs from the usual one in every field."""


@pytest.mark.parametrize("field", Plan._fields)
def test_every_part_of_a_plan_is_part_of_the_key(field: str) -> None:
    """Another value of any field asks for another entry; an equal plan finds the same one."""
    usual = Settings().plan_for("a.yaml")
    key = Cache("kept").key(b"text", None, usual)
    assert Cache("kept").key(b"text", None, Settings().plan_for("a.yaml")) == key
    assert Cache("kept").key(b"text", None, usual._replace(**{field: getattr(OTHER, field)})) != key


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


def first_record(change: Callable[[dict[str, object]], object]) -> str:
    """The text of an entry with one record, after a change to it."""
    from cnncalc.diagnostics import Source, Span
    from cnncalc.linting.finding import Finding

    record = as_record(Finding("A101", "n", "error", "m", "", Span(Source("a", "input"), 0, 5)))
    change(record)
    return json.dumps([record])


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "7",
        "null",
        "{}",
        '["A101"]',
        "[[]]",
        first_record(lambda record: record.update(span=[0])),
        first_record(lambda record: record.update(span=[0, 10**9])),
        first_record(lambda record: record.update(span=["0", "5"])),
        first_record(lambda record: record.update(span={"start": 0, "end": 5})),
        first_record(lambda record: record.update(severity="fatal")),
        first_record(lambda record: record.update(others=[3])),
        first_record(lambda record: record.update(fix=["t", [[0]]])),
        first_record(lambda record: record.update(fix="t")),
        first_record(lambda record: record.update(more=1)),
        first_record(lambda record: record.pop("code")),
    ],
)
def test_a_sealed_entry_of_another_form_is_made_again(folder: Path, text: str) -> None:
    run(["specs"], cache="kept")
    for path in entries(folder):
        reseal(path, text)
    assert found(run(["specs"], cache="kept")) == EXPECTED


def test_an_entry_under_another_key_is_made_again(folder: Path) -> None:
    """A whole entry of a file without findings, copied over the others, hides nothing."""
    run(["specs"], cache="kept")
    clean = next(path for path in entries(folder) if path.read_text(encoding="utf-8").endswith("\n[]"))
    for path in entries(folder):
        path.write_bytes(clean.read_bytes())
    assert found(run(["specs"], cache="kept")) == EXPECTED


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_an_entry_that_is_a_named_pipe_is_not_waited_for(folder: Path) -> None:
    run(["specs"], cache="kept")
    for path in entries(folder):
        path.unlink()
        os.mkfifo(path)
    assert found(run(["specs"], cache="kept")) == EXPECTED


def test_an_edited_plug_in_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editable install has the same version before and after; its sources are part of the tool's state."""
    (tmp_path / "edited_plugin.py").write_text("a = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    plugin = EntryPoint("edited", "edited_plugin", "cnncalc.layers")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [plugin])
    states = []
    for text in ("a = 1\n", "a = 22\n"):
        (tmp_path / "edited_plugin.py").write_text(text, encoding="utf-8")
        cache_module.tool_state.cache_clear()
        states.append(cache_module.tool_state())
    cache_module.tool_state.cache_clear()
    assert states[0] != states[1]


def die(jobs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the replaced function reaches a worker only by fork")
def test_a_killed_worker_is_a_message(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_share", die)
    with pytest.raises(ChildProcessError, match="a worker process ended unexpectedly"):
        run(["specs"], jobs=2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the test kills a process and looks for its children")
def test_workers_end_with_their_parent(folder: Path) -> None:
    """A parent that is killed takes its workers along: each one writes its number, then sleeps."""
    program = (
        "import os, time\n"
        "from cnncalc.linting import workers\n"
        "from cnncalc.linting.run import run\n"
        "def _share(jobs):\n"
        "    os.write(1, b'%d\\n' % os.getpid())\n"  # one piece, as two workers write
        "    time.sleep(60)\n"
        "workers._share = _share\n"
        "run(['specs'], jobs=2)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        for _ in range(1500):
            if is_running(worker):
                time.sleep(0.02)
        assert not is_running(worker)


def is_running(process: int) -> bool:
    """Whether a process exists and is more than an entry that nobody has collected."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and ") Z " in state.read_text(encoding="utf-8"))


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


@pytest.mark.parametrize(
    ("specs", "processors", "asked", "processes"),
    [(4, 3, None, 1), (5, 3, None, 3), (5, None, None, 1), (5, 3, 2, 2), (3, 1, 9, 3), (0, 3, None, 0)],
)
def test_how_many_processes_check(
    monkeypatch: pytest.MonkeyPatch, specs: int, processors: int | None, asked: int | None, processes: int
) -> None:
    """From five specs on, all processors; never more processes than specs."""
    used: list[int] = []

    def checked(jobs: list[workers.Job], processes: int) -> list[list[Record]]:
        used.append(processes)
        return [[] for _ in jobs]

    monkeypatch.setattr(workers, "WORTH_A_PROCESS", 5)
    monkeypatch.setattr(workers, "_checked", checked)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    job = (Target("a.yaml", "9x9x3 -> relu"), Settings().plan_for("a.yaml"))
    assert workers.check_all([job] * specs, processes=asked, cache_folder=None) == [[]] * specs
    assert used == [processes]


@pytest.mark.parametrize(("limit", "is_read"), [(14, True), (13, False)])
def test_a_file_as_large_as_the_limit_is_read(tmp_path: Path, limit: int, is_read: bool) -> None:
    """13 letters and the end of the line; an engine reports a larger one."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"9x9x3 -> relu\n")
    plan = Settings().plan_for("a.yaml")._replace(limits=Limits(file_bytes=limit))
    assert (workers._load(Target(str(path)), plan) is not None) is is_read
