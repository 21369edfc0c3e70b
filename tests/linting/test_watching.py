"""`cnncalc lint --watch`: what another run depends on, and how the watch ends."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli._group import group
from cnncalc.cli.linting import watching as watch_command
from cnncalc.cli.linting.options import other_files
from cnncalc.linting.settings import Settings
from cnncalc.linting.watching import state_of

WARNED = "input: 11x11x3\nlayers: [max_pool 2]\n"
CLEAN = "input: 12x12x3\nlayers: [max_pool 2]\n"
PATIENCE = 20
"""Seconds after which a watch that says nothing has failed."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, in a repository of its own, with one spec."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(WARNED, encoding="utf-8")
    (tmp_path / "ignored").mkdir()
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path: str, text: str) -> Callable[[], object]:
    return lambda: Path(path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("paths", "change", "is_seen"),
    [
        (["."], put("a.yaml", CLEAN + "#"), True),
        (["a.yaml"], put("a.yaml", CLEAN + "#"), True),
        (["*.yaml"], put("new.yaml", CLEAN), True),
        (["."], put("deep/new.yml", CLEAN), True),
        (["."], put("cnncalc.toml", ""), True),
        (["."], put("pyproject.toml", ""), True),
        (["deep"], put("cnncalc.toml", ""), True),  # above the folder that is looked at
        (["."], put(".gitignore", ""), True),
        (["."], put("baseline.json", "{}"), True),
        (["."], lambda: os.remove("a.yaml"), True),
        (["later.yaml"], put("later.yaml", CLEAN), True),
        (["."], lambda: os.replace("a.yaml", "b.yaml"), True),
        (["."], lambda: None, False),
        (["."], put("ignored/new.yaml", CLEAN), False),
        (["."], put("notes.txt", "x"), False),
        (["deep"], put("a.yaml", CLEAN + "#"), False),
        (["12x12x3 -> abs", "resnet50", "\0"], lambda: None, False),
    ],
)
def test_what_is_seen(folder: Path, paths: list[str], change: Callable[[], object], is_seen: bool) -> None:
    before = state_of(paths, ["baseline.json"])
    change()
    assert (state_of(paths, ["baseline.json"]) != before) == is_seen


def test_a_file_of_the_same_size_is_seen(folder: Path) -> None:
    before = state_of(["."])
    os.utime("a.yaml", ns=(1, 1))
    assert state_of(["."]) != before


@pytest.mark.parametrize("arguments", [["--fix"], ["--write-baseline"], ["-"]])
def test_a_watch_only_looks(folder: Path, arguments: list[str]) -> None:
    done = CliRunner().invoke(group, ["lint", "--watch", *arguments], input="", catch_exceptions=False)
    assert done.exit_code == 2
    assert "--watch cannot be combined with --fix, --write-baseline or standard input" in done.stderr


def test_runs_go_on_until_the_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three states, three runs; nothing runs while a state stays; the last run's exit code is that of the watch."""
    from click.exceptions import Exit

    from cnncalc.diagnostics import Diagnostic, SpecError

    states = iter([1, 1, 1, 2, 2, 3, 3, 3])
    outcomes: Iterator[Exception] = iter([Exit(1), SpecError([Diagnostic("E101", "no TOML")]), Exit(1)])
    slept = []

    def once() -> None:
        raise next(outcomes)

    def state() -> int:
        found = next(states, 0)
        if not found:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(watch_command.time, "sleep", slept.append)
    # before run 1: 1; then 1 and 1 stay, 2 is another; before run 2: 2; then 3 is another; before run 3: 3; 3 stays
    assert watch_command.watch(once, state) == 1
    assert slept == [0.5] * 3
    assert next(outcomes, None) is None


@pytest.mark.parametrize("whole", [0, 1])
def test_an_interrupted_run_does_not_count(monkeypatch: pytest.MonkeyPatch, whole: int) -> None:
    """The exit code is that of the last run that came to its end; 130 where there was none."""
    runs = iter([None] * whole)
    states = iter(range(9))

    def once() -> None:
        if next(runs, "interrupted"):
            raise KeyboardInterrupt

    monkeypatch.setattr(watch_command.time, "sleep", lambda _: None)
    assert watch_command.watch(once, lambda: next(states)) == (0 if whole else 130)


def _take_interrupts() -> None:
    """Let Ctrl-C interrupt this process: a shell starts jobs in the background with interrupts ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Watch:
    """A watch in a process of its own, and the lines that it has written."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cnncalc", "lint", "--watch", "--format", "concise", *arguments],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}, preexec_fn=_take_interrupts,
        )  # fmt: skip
        self.lines: dict[str, queue.Queue[str]] = {"stdout": queue.Queue(), "stderr": queue.Queue()}
        self.readers = [threading.Thread(target=self._read, args=(name,)) for name in self.lines]
        for reader in self.readers:
            reader.start()

    def _read(self, name: str) -> None:
        for line in getattr(self.process, name):
            self.lines[name].put(line.rstrip("\n"))

    def until(self, stream: str, part: str) -> str:
        """The next line of a stream that holds `part`."""
        while part not in (line := self.lines[stream].get(timeout=PATIENCE)):
            pass
        return line

    def rest(self) -> list[str]:
        """The lines that were left, once the process has ended."""
        for reader in self.readers:
            reader.join(PATIENCE)
        return [lines.get_nowait() for lines in self.lines.values() for _ in range(lines.qsize())]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watching(folder: Path) -> Iterator[Callable[..., Watch]]:
    started: list[Watch] = []

    def start(*arguments: str) -> Watch:
        started.append(Watch(folder, *arguments))
        return started[-1]

    yield start
    for watch in started:
        watch.process.kill()
        watch.process.wait(PATIENCE)


def replaced(path: Path, text: str) -> None:
    """Write a file in one step, so that a watch never sees it half written."""
    aside = path.with_suffix(".new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def test_a_watch_from_beginning_to_end(folder: Path, watching: Callable[..., Watch]) -> None:
    """A finding, a correction, a new file, a broken configuration, Ctrl-C: no traceback, no screen that is cleared."""
    watch = watching()
    assert watch.until("stdout", "A101").startswith("a.yaml:2:10: warning[A101]")
    assert watch.until("stderr", "waiting")[8:] == "  findings; waiting for changes, Ctrl-C to stop"
    replaced(folder / "a.yaml", CLEAN)
    assert watch.until("stderr", "waiting")[8:] == "  no findings above the limits; waiting for changes, Ctrl-C to stop"
    replaced(folder / "cnncalc.toml", "max-warnings = -1\n")
    watch.until("stderr", "cnncalc.toml:1:1: error[E204]: max-warnings: got -1")
    assert "unusable file or configuration" in watch.until("stderr", "waiting")
    (folder / "cnncalc.toml").unlink()
    assert "no findings above the limits" in watch.until("stderr", "waiting")
    replaced(folder / "deep" / "b.yaml", WARNED)
    assert watch.until("stdout", "A101").startswith("deep/b.yaml:2:10: ")
    watch.until("stderr", "waiting")
    assert watch.stop() == 1
    assert not [line for line in watch.rest() if "Traceback" in line or "Error" in line or "\x1b" in line]


def test_the_baseline_of_the_configuration_is_watched(folder: Path) -> None:
    """As the one of --baseline is; a configuration that cannot be used names none."""
    assert other_files(Settings(), "given.json") == ["given.json"]
    put("cnncalc.toml", 'baseline = "known.json"\n')()
    assert other_files(Settings(), None) == [str(folder / "known.json")]
    put("cnncalc.toml", "baseline = 1\n")()
    assert other_files(Settings(), None) == []
