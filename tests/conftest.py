"""What several folders of tests need."""

from __future__ import annotations

import gc
import math
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.sweeps import Collected, is_sweeping, is_without_sweep

if TYPE_CHECKING:
    from tests.browser import Browser

ROOT = Path(__file__).parents[1]
FRAMEWORKS = ("torch", "keras", "tensorflow", "onnxruntime")

_SIGNS = {"·": "*", "−": "-", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", " mod ": " % ", "…": ""}


def _evaluate(text: str, values: Mapping[str, int] | None = None) -> Fraction:
    for symbol in sorted(values or {}, key=len, reverse=True):
        text = re.sub(rf"(?<![\w′]){re.escape(symbol)}(?![\w′])", f"({(values or {})[symbol]})", text)
    for sign, python in _SIGNS.items():
        text = text.replace(sign, python)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\d+(\.\d+)?", lambda found: f"Fraction('{found[0]}')", text)
    names = {"Fraction": Fraction, "floor": math.floor, "ceil": math.ceil, "max": max, "min": min}
    return Fraction(eval(text, {"__builtins__": {}}, names))


# Threads of NumPy's library gain nothing on small arrays, and two test processes share the cores already.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Where the tests themselves run in GitHub Actions, output still is as a person sees it.
os.environ.pop("GITHUB_ACTIONS", None)

# Tests start many processes: they share what the first one compiled, also where none may be left beside the sources.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ.setdefault("PYTHONPYCACHEPREFIX", os.path.join(tempfile.gettempdir(), f"cnncalc-tests-{os.getuid()}"))
# Collecting makes a hundred thousand objects that live to the end: the usual thresholds look at them over and over.
gc.set_threshold(100_000, 20, 50)

hypothesis.settings.register_profile("quick", max_examples=20, deadline=None, database=None)
hypothesis.settings.register_profile("sweep", max_examples=400, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """A run draws few cases for each property, the sweep many: a test names no number of its own."""
    hypothesis.settings.load_profile("sweep" if is_sweeping(config) else "quick")
    Collected.sweep = not is_without_sweep(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every property is part of the sweep too, where it draws more cases, and every table that is sampled."""
    if is_sweeping(config):
        for item in items:
            test = getattr(item, "obj", None)
            if getattr(test, "is_hypothesis_test", False) or getattr(test, "is_sampled", False):
                item.add_marker("sweep")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Benchmarks, and the comparisons with frameworks where none is installed, are not even imported."""
    folder = collection_path.name
    if folder == "benchmarks" and config.getoption("markexpr").replace("not benchmark", "").find("benchmark") < 0:
        return True
    is_oracle = folder.startswith("test_") and collection_path.parent.name == "oracles"
    return True if is_oracle and not any(map(find_spec, FRAMEWORKS)) else None


def pytest_pycollect_makeitem(collector: pytest.Collector, obj: object) -> list[pytest.Item] | None:
    """A normal run of folders makes no case of a test that is part of the sweep alone: there are 1,900."""
    named = any("::" in argument for argument in collector.config.args)
    marks = getattr(obj, "pytestmark", [])
    return [] if not Collected.sweep and not named and any(mark.name == "sweep" for mark in marks) else None


def pytest_make_parametrize_id(val: object) -> str | None:
    """The beginning of a long text names its case: some texts have a megabyte, and every report carries the name."""
    return f"{val[:60]}..." if isinstance(val, str) and len(val) > 80 else None


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not look at it each time."""
    gc.freeze()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two processes for the whole suite; one test or folder is done before a second process has started."""
    named = {Path(argument.split("::")[0]).resolve() for argument in config.args}
    return min(2, os.cpu_count() or 1) if named <= {ROOT, ROOT / "tests"} else 0


@pytest.fixture(scope="session")
def evaluate() -> Callable[..., Fraction]:
    """`evaluate("⌊25/2⌋ + 1")`, a formula as people write it, worked out by Python; symbols get their values given."""
    return _evaluate


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests that need one."""
    from tests.browser import Browser, find_browser  # not for every system

    program = find_browser()
    if program is None:
        pytest.skip("no Chromium is installed: nothing is tried in a browser")
    with Browser(program, tmp_path_factory.mktemp("profile")) as running:
        yield running
