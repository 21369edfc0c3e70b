"""Runs the tests of a module's folder, and those that import it, on one of its mutants, in a copy of the project."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.mutants import mutated

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "dist", "build")
ALSO = {"layers": ["structure/test_contract.py"], "kernels": ["layers/test_recorded_values.py"]}
"""Tests beside a folder's own."""
FIRST = 3
"""How many files of tests are tried first: those that speak most of the module."""


class Project:
    """A copy of the project in a folder of its own, of which one module at a time is a mutant."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)
        self._writes = 0

    def survives(self, file: str, number: int, seconds: int) -> bool:
        """Whether all tests of the module's folder pass on a mutant, in this time each."""
        source = (ROOT / file).read_text(encoding="utf-8")
        self._write(file, mutated(source, number))
        tests = relevant_tests(file)
        survived = all(self.passes(some, seconds) for some in (tests[:FIRST], tests[FIRST:]) if some)
        self._write(file, source)
        return survived

    def _write(self, file: str, text: str) -> None:
        """Write a module, each time a second later: compiled files are compared by whole seconds."""
        path = self.root / file
        path.write_text(text, encoding="utf-8")
        self._writes += 1
        moment = (ROOT / file).stat().st_mtime + self._writes
        os.utime(path, (moment, moment))

    def passes(self, tests: Sequence[str], seconds: int) -> bool:
        """Whether these files of tests pass, in the order given, until one fails."""
        options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--no-header", "--tb=no"]
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "pytest", *options, *tests], cwd=self.root, env=environment, timeout=seconds,
                capture_output=True, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return False
        return ended.returncode in (0, 5)  # 5: these files have no test that runs without a framework


def relevant_tests(file: str) -> list[str]:
    """The files of tests of a module's folder, and others that import it, those that speak most of it first."""
    folder = Path(file).parts[1]
    paths = sorted((ROOT / "tests" / folder).rglob("test_*.py")) or sorted((ROOT / "tests").glob("test_*.py"))
    paths += [ROOT / "tests" / name for name in ALSO.get(folder, [])]
    module = re.compile(rf"\b{re.escape(file.removesuffix('.py').replace('/', '.'))}\b")
    others = (path for path in sorted((ROOT / "tests").rglob("test_*.py")) if path not in paths)
    paths += [path for path in others if module.search(path.read_text(encoding="utf-8"))]
    words = names(file)
    spoken = {path: len(words & set(re.findall(r"\w+", path.read_text(encoding="utf-8")))) for path in paths}
    is_named = {path: Path(file).stem in path.stem for path in paths}
    ordered = sorted(paths, key=lambda path: (not is_named[path], -spoken[path]))
    return [path.relative_to(ROOT).as_posix() for path in ordered]


def names(file: str) -> set[str]:
    """The words by which tests speak of a module: its own name, and those that it defines."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return {Path(file).stem, *defined}
