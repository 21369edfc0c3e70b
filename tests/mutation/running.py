"""Runs the tests that reach a mutant's statement, in a copy of the project.

One run of all tests in the module's folder, and of those that import it, records which of them run which statement.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from tests.mutation.mutants import Mutant, marked, mutated
from tests.mutation.plugin import NOTES

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".hypothesis", ".*_cache", "__pycache__", "dist", "build")
ALSO = {
    "layers": ["structure/test_contract.py", "analysis/test_kept_activations.py", "analysis/test_backward_work.py"],
    "kernels": ["layers/test_recorded_values.py"],
}
"""Tests beside a folder's own: `kept` and the work of backward passes have recorded values of PyTorch elsewhere."""
OPTIONS = ("-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--no-header", "--tb=no")


class Project:
    """A copy of the project in a folder of its own, whose tests run with modules from other sources."""

    def __init__(self, folder: Path, chosen: Iterable[tuple[str, Mutant]]) -> None:
        self.root = folder / "project"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)
        self._notes = folder / "notes.json"
        lines: dict[str, set[int]] = {}
        for file, mutant in chosen:
            lines.setdefault(file, set()).add(mutant.statement)
        sources = {file: marked(self._source(file), file, lines[file]) for file in lines}
        recording = self._pytest({test for file in lines for test in relevant_tests(file)}, {"sources": sources})
        if recording.returncode:
            shown = (recording.stdout + recording.stderr).decode(errors="replace")
            raise SystemExit(f"pytest cannot record which tests run the mutants' statements:\n{shown}")
        self._recorded: dict[str, Any] = json.loads(self._notes.read_text(encoding="utf-8"))

    def survives(self, file: str, mutant: Mutant, seconds: int) -> bool:
        """Whether all tests that run the mutant's statement pass; one process may use the processor for `seconds`."""
        statement, relevant = [file, mutant.statement], relevant_tests(file)
        reaching = [test for test, found in self._recorded.items() if found and statement in found[1]]
        tests = sorted((test for test in reaching if _file(test) in relevant), key=lambda test: self._recorded[test][0])
        places = dict.fromkeys(self._recorded) | {test: place for place, test in enumerate(tests)}
        notes = {"sources": {file: mutated(self._source(file), mutant.number)}, "tests": places}
        try:
            return not tests or self._pytest({_file(test) for test in tests}, notes, seconds).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def _source(self, file: str) -> str:
        """The text of a module as it was when the run began."""
        return (self.root / file).read_text(encoding="utf-8")

    def _pytest(
        self, files: set[str], notes: dict[str, Any], seconds: int | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run files of tests with notes for the plugin, for at most twenty times the seconds."""
        self._notes.write_text(json.dumps(notes), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "tests.mutation.plugin", *OPTIONS, *sorted(files)]
        environment = {**os.environ, "PYTHONPATH": str(self.root), NOTES: str(self._notes)}
        return subprocess.run(
            command, cwd=self.root, env=environment, timeout=seconds and 20 * seconds, capture_output=True,
            preexec_fn=partial(_limit, seconds), check=False,
        )  # fmt: skip


def _limit(seconds: int | None) -> None:
    """Limit the processor's time of this process: on a busy machine, elapsed time says little."""
    import resource  # not on Windows

    if seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _file(test: str) -> str:
    return test.partition("::")[0]


def relevant_tests(file: str) -> list[str]:
    """The files of tests of a module's folder, and others that import it."""
    folder = Path(file).parts[1]
    paths = sorted((ROOT / "tests" / folder).rglob("test_*.py")) or sorted((ROOT / "tests").glob("test_*.py"))
    paths += [ROOT / "tests" / name for name in ALSO.get(folder, [])]
    module = re.compile(rf"\b{re.escape(file.removesuffix('.py').replace('/', '.'))}\b")
    others = (path for path in sorted((ROOT / "tests").rglob("test_*.py")) if path not in paths)
    paths += [path for path in others if module.search(path.read_text(encoding="utf-8"))]
    return [path.relative_to(ROOT).as_posix() for path in paths]
