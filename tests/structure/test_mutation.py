"""The sample of mutants: which changes it makes, which tests it runs, and that the list of equivalents is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.equivalents import Equivalent, equivalents
from tests.mutation.mutants import mutants, mutated
from tests.mutation.running import ROOT, relevant_tests
from tests.together import for_each

# A line of Python, and all that one change makes of the expressions in it.
CHANGES = [
    ("y = a < b", ["a <= b"]),
    ("y = a < b <= c", ["a <= b <= c", "a < b < c"]),
    ("y = a + b * c", ["a - b * c", "b + c"]),
    ("y = a // b", ["a * b"]),
    ("y = a and b", ["a or b"]),
    ("y = not a", ["y = not not a"]),
    ("y = x[0]", ["x[1]"]),
    ("y = -1", ["-2"]),
    ("y = f(keep=True)", ["f(keep=False)"]),
    ("y = max(a, b)", ["min(a, b)"]),
    ("y = a if b else c", ["a if True else c", "a if False else c"]),
    ("y = [a for a in b if c]", ["[a for a in b]"]),
    ("if a: pass", ["True", "False"]),
    ("while a: pass", ["False"]),
    ("y += a", ["y -= a"]),
    ("y = f'{a + 1}'", ["a - 1", "a + 2"]),
    # What cannot be seen, or fails at once, is not changed: texts, annotations, decorators, assertions, guards.
    ("y = 'a' + b", []),
    ("y: tuple[1] = a", []),
    ("def f(a: x[0]) -> x[1]: pass", []),
    ("@f(1)\nclass A(B[0]): pass", []),
    ("assert a == 1", []),
    ("y = zip(a, b, strict=True)", []),
    ("if TYPE_CHECKING: pass", []),
]


@for_each(("line", "expected"), CHANGES)
def test_one_change_at_a_time(line: str, expected: list[str]) -> None:
    found = mutants(line)
    assert sorted(mutant.new for mutant in found) == sorted(expected)
    for mutant in found:
        assert mutant.new in mutated(line, mutant.number).replace("if True:", "True").replace("if False:", "False")


def test_a_mutant_has_its_line_and_its_function() -> None:
    """The line from 1, and the class and function with a dot between."""
    (mutant,) = mutants("class A:\n    def f(self):\n        return a < b")
    assert (mutant.line, mutant.function, mutant.old) == (3, "A.f", "a < b")


@pytest.mark.parametrize("one", equivalents(), ids=lambda one: f"{one.file}: {one.new}")
def test_an_equivalent_is_a_mutant_of_today(one: Equivalent) -> None:
    """Each listed change can still be made, and the list says why nobody can notice it."""
    found = mutants((ROOT / one.file).read_text(encoding="utf-8"))
    assert any(one.covers(one.file, mutant) for mutant in found)
    assert len(one.reason.split()) > 3


# A module, and the file of tests that a mutant of it meets first.
TESTS = [
    ("cnncalc/kernels/convolution.py", "tests/kernels/test_convolve.py"),
    ("cnncalc/layers/recurrent/lstm.py", "tests/layers/test_recurrent.py"),
    ("cnncalc/forward/verify.py", "tests/forward/test_verify.py"),
]


@pytest.mark.parametrize(("module", "first"), TESTS)
def test_the_relevant_tests_a_module_come_first(module: str, first: str) -> None:
    """All tests of the folder with the module's name run, those that speak of the module first."""
    tests = relevant_tests(module)
    assert tests[0] == first
    folder = ROOT / "tests" / Path(module).parts[1]
    assert {path.relative_to(ROOT).as_posix() for path in folder.glob("test_*.py")} <= set(tests)
