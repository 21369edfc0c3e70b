"""The tests themselves: no run is bound by seconds, and no property chooses how many cases it draws."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
CLOCKS = re.compile(r"\b(?:process_time|perf_counter|monotonic|thread_time|time\.time)\b")
NUMBERS = re.compile(r"\bmax_examples\b|\bdeadline=")
MAY_MEASURE = (
    "benchmarks",
    "fuzz",
    "mutation",
    "oracles/compare_zoo.py",
    "oracles/record_torch_models.py",
    "structure/test_the_tests.py",
)
MAY_CHOOSE = ("conftest.py", "structure/test_the_tests.py")


def using(pattern: re.Pattern[str], allowed: tuple[str, ...]) -> list[str]:
    """The lines of the tests where a pattern is found, other than in the files allowed."""
    found = []
    for path in sorted(TESTS.rglob("*.py")):
        name = path.relative_to(TESTS).as_posix()
        if not name.startswith(allowed):
            lines = path.read_text(encoding="utf-8").splitlines()
            found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    return found


def test_no_test_is_bound_by_a_clock() -> None:
    """Seconds fail on a busy machine: count the work, as `tests.work.lines_run` does, or compare two amounts of it."""
    assert using(CLOCKS, MAY_MEASURE) == []


def test_no_property_chooses_its_number_of_cases() -> None:
    """tests/conftest.py draws few cases in each run and many in the sweep, for all of them."""
    assert using(NUMBERS, MAY_CHOOSE) == []
