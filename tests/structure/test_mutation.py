"""The sample of mutants: which changes it makes, which tests it runs, and that the list of equivalents is current."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.equivalents import Equivalent, equivalents
from tests.mutation.mutants import marked, mutants, mutated
from tests.mutation.plugin import NOTES
from tests.mutation.running import OPTIONS, ROOT, Project, relevant_tests
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
    # NumPy reads every negative size of `reshape` as the one that remains.
    ("y = x.reshape(n, -1)", []),
    ("y = np.reshape(x, (-1, n))", []),
    ("y = x.reshape(2, -n)", ["x.reshape(3, -n)"]),
    ("y = x.reshape(n[-1])", ["-2"]),
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


@for_each("one", equivalents(), ids=lambda one: f"{one.file}: {one.new}")
def test_an_equivalent_is_a_mutant_of_today(one: Equivalent) -> None:
    """Each listed change can still be made, and the list says why nobody can notice it."""
    found = mutants((ROOT / one.file).read_text(encoding="utf-8"))
    assert any(one.covers(one.file, mutant) for mutant in found)
    assert len(one.reason.split()) > 3


def test_statements_say_that_they_ran() -> None:
    """A mark comes before the statement of its line: in branches, handlers and functions, and nowhere else."""
    source = "\n".join(
        ("def f(a):", "    if a:", "        return 1", "    elif a is None:", "        pass", "    try:", "        g()",
         "    except KeyError:", "        a = 2", "    return a")
    )  # fmt: skip
    ran: list[tuple[str, int]] = []
    names = {"__ran__": ran.append, "g": {}.__getitem__}
    exec(marked(source.replace("g()", "g(1)"), "a.py", {4, 7, 9}), names)
    f = names["f"]
    assert callable(f)
    assert (f(1), ran) == (1, [])
    assert (f(None), ran) == (2, [("a.py", line) for line in (4, 7, 9)])


# A module, and files with tests of it: those of its folder, and those that import it.
TESTS = [
    ("cnncalc/kernels/convolution.py", "tests/layers/test_recorded_values.py"),
    ("cnncalc/layers/recurrent/lstm.py", "tests/structure/test_contract.py"),
    ("cnncalc/reading/limits.py", "tests/graph/test_memo.py"),
]


@for_each(("module", "also"), TESTS)
def test_the_relevant_tests_of_a_module(module: str, also: str) -> None:
    """All tests of the folder with the module's name run, and others that import it."""
    tests = relevant_tests(module)
    folder = ROOT / "tests" / Path(module).parts[1]
    assert {path.relative_to(ROOT).as_posix() for path in folder.glob("test_*.py")} | {also} <= set(tests)


def test_a_failed_recording_shows_the_output_of_pytest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test file that cannot be collected ends the run with the words of pytest."""
    failed = subprocess.CompletedProcess([], 1, b"ERROR tests/graph/test_memo.py", b"no module named x")
    monkeypatch.setattr("tests.mutation.running.shutil.copytree", lambda *_, **__: None)
    monkeypatch.setattr("tests.mutation.running.subprocess.run", lambda *_, **__: failed)
    with pytest.raises(SystemExit, match=r"(?s)ERROR tests/graph/test_memo\.py.*no module named x"):
        Project(tmp_path, [])


def test_modules_that_a_conftest_imports_are_changed_too(tmp_path: Path) -> None:
    """pytest imports `conftest.py` before it configures plugins."""
    (tmp_path / "module.py").write_text("VALUE = 1")
    (tmp_path / "conftest.py").write_text("import module")
    (tmp_path / "test_module.py").write_text("import module\ndef test_value(): assert module.VALUE == 2")
    notes = tmp_path / "notes.json"
    notes.write_text(json.dumps({"sources": {"module.py": "VALUE = 2"}, "tests": {}}))
    command = [sys.executable, "-m", "pytest", "-p", "tests.mutation.plugin", *OPTIONS, "test_module.py"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)]), NOTES: str(notes)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
