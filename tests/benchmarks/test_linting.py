"""A thousand specs, the bundled ones varied: files a second, processes against one, the cache against neither."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from cnncalc.linting.run import run
from cnncalc.linting.settings import Settings
from tests.benchmarks.test_speed import side_by_side

pytestmark = pytest.mark.benchmark

FILES = 1_000
BUNDLED = sorted(Path(__file__).parents[2].joinpath("specs").glob("*.yaml"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled specs over and over, each time with another number of classes."""
    made = tmp_path_factory.mktemp("thousand")
    copies = ((turn, spec) for turn in range(FILES) for spec in BUNDLED)
    for turn, spec in islice(copies, FILES):
        text = spec.read_text(encoding="utf-8").replace("1000", str(1000 + 8 * turn))
        made.joinpath(f"{spec.stem}_{turn}.yaml").write_text(text, encoding="utf-8")
    return made


def lint(folder: Path, *options: str) -> Callable[[], None]:
    """A whole process. Copies whose figures no longer are what they expect make its exit code 1."""

    def whole() -> None:
        done = subprocess.run([sys.executable, "-m", "cnncalc", "lint", str(folder), *options], capture_output=True)
        assert done.returncode == 1
        assert not done.stderr

    return whole


def test_processes(folder: Path) -> None:
    """Two processes take at most 0.65 of what one takes, start-up included."""
    two, one = side_by_side(
        lint(folder, "--no-cache", "--jobs", "2"), lint(folder, "--no-cache", "--jobs", "1"), runs=3
    )
    print(f"\n{FILES} files: 2 processes {FILES / two:.0f} files/s, 1 process {FILES / one:.0f}; ratio {two / one:.2f}")
    assert two / one <= 0.65 or (os.cpu_count() or 1) < 2


def test_cache(folder: Path, tmp_path: Path) -> None:
    """What is unchanged takes at most a fifth of what it takes afresh."""
    kept = str(tmp_path / "cache")
    known, fresh = side_by_side(lint(folder, "--cache-dir", kept), lint(folder, "--no-cache"), runs=3)
    print(f"\n{FILES} files: from the cache {FILES / known:.0f} files/s, afresh {FILES / fresh:.0f}")
    assert known / fresh <= 0.2


def test_rules_against_analysis(folder: Path) -> None:
    """All rules over a spec take no longer than building and analyzing it does."""
    specs = [str(path) for path in folder.glob("*_1.yaml")]
    every, none = side_by_side(
        lambda: run(specs, jobs=1), lambda: run(specs, Settings(select=("E401",)), jobs=1), runs=5
    )
    print(f"\n{len(specs)} files: with the rules {every:.2f} s, without {none:.2f} s; ratio {every / none:.2f}")
    assert every / none <= 2
