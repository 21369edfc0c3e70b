"""A plugin of pytest that takes modules from other sources, and records or chooses tests.

A file that the environment names has the sources by module, and the known tests with their places in the order; null
leaves a test out. Without known tests, each test runs in a process of its own, as if it were the first; the file then
gets the seconds of each, and the statements that called `__ran__`, those of the imports too; null where it fails.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import json
import os
import time
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from tests.sweeps import Collected

NOTES = "MUTATION_NOTES"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin before any `conftest.py` imports modules of the package, which would then be the unchanged ones."""
    path = Path(os.environ[NOTES])
    notes = json.loads(path.read_text(encoding="utf-8"))
    Collected.whole_tables = True
    _take_from(notes["sources"])
    early_config.pluginmanager.register(Chooser(notes["tests"]) if "tests" in notes else Recorder(path))


def _take_from(sources: dict[str, str]) -> None:
    """Compile these modules from these sources, wherever they are imported in this process."""
    loaders = importlib.machinery.SourceFileLoader
    compiled = loaders.get_code

    def get_code(loader: Any, name: str) -> CodeType | None:
        file = os.path.relpath(loader.path)
        return compile(sources[file], loader.path, "exec") if file in sources else compiled(loader, name)

    loaders.get_code = get_code  # type: ignore[method-assign, assignment]


class Chooser:
    """Runs the tests that have a place, and those that are not known, in the order of their places."""

    def __init__(self, places: dict[str, int | None]) -> None:
        self._places = places

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        placed = [(self._places.get(item.nodeid, len(self._places)), item) for item in items]
        chosen = [(place, item) for place, item in placed if place is not None]
        items[:] = [item for _, item in sorted(chosen, key=lambda pair: pair[0])]


class Recorder:
    """Runs each test in a process of its own, and records what it runs."""

    def __init__(self, path: Path) -> None:
        self._path, self._failed = path, False
        self._ran: set[tuple[str, int]] = set()
        builtins.__ran__ = self._ran.add  # type: ignore[attr-defined]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._path.write_text(json.dumps({item.nodeid: self._alone(item) for item in session.items}), encoding="utf-8")
        return True

    def _alone(self, item: pytest.Item) -> tuple[float, list[list[Any]]] | None:
        source, target = os.pipe()
        if (child := os.fork()) == 0:
            start = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            found = None if self._failed else (time.process_time() - start, sorted(self._ran))
            os.write(target, json.dumps(found).encode())
            os._exit(0)
        os.close(target)
        with open(source, "rb") as stream:
            found = json.loads(stream.read() or "null")
        os.waitpid(child, 0)
        return found  # type: ignore[no-any-return]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed
