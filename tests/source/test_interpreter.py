"""The interpreter of Python source computes what Python computes, and nothing where it cannot know."""

from __future__ import annotations

import types
from typing import Any

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.source.evaluation.module_body import bound_names
from cnncalc.source.signals import Stop
from cnncalc.source.source_file import parsed
from cnncalc.source.steps import SourceLimits
from cnncalc.source.values import PyInstance, Unfollowed
from tests.source.interpreting import names_of
from tests.source.programs import programs, titled
from tests.together import for_each

SNIPPETS = programs("snippets.txt")
CLASSES = programs("classes.txt")


def executed(text: str) -> dict[str, Any]:
    """The names after Python itself runs a snippet of this file."""
    module = types.ModuleType("net")
    exec(compile(text, "net", "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


@for_each("name", list(SNIPPETS))
def test_values_are_pythons(name: str) -> None:
    """Every name has the value that Python gives it."""
    text = SNIPPETS[name]
    found, expected = names_of(text), executed(text)
    plain = {key for node in parsed(Source("", text)).body for key in bound_names(node)} & expected.keys()
    compared = {key for key in plain if not callable(expected[key]) and not isinstance(expected[key], types.ModuleType)}
    assert compared
    assert {key: found.get(key) for key in compared} == {key: expected[key] for key in compared}


@for_each("name", list(CLASSES))
def test_classes_behave_as_pythons(name: str) -> None:
    """The value `a` of a program with classes is Python's."""
    assert names_of(CLASSES[name])["a"] == executed(CLASSES[name])["a"]


@for_each(
    ("text", "reason"),
    [
        ("import foo\na = foo.size() + 1", "foo.size(…)"),
        ("a = open('/etc/passwd').read()", "open(…)"),
        ("a = __import__('os').getcwd()", "__import__(…)"),
        ("a = eval('1 + 1')", "eval(…)"),
        ("import os\na = [x for x in os.listdir('.')]", "os.listdir(…)"),
        ("import os\nif os.cpu_count() > 4:\n    a = 1\nelse:\n    a = 2", "a condition that is not known"),
        ("import foo\na = 1 if foo.x() else 2", "foo.x(…)"),
        ("import foo\na = max(3, foo.x())", "foo.x(…)"),
        ("import foo\na = [1, foo.x()] == [1, 2]", "foo.x(…)"),
        ("import foo\na = f'{foo.x()}'", "foo.x(…)"),
        ("import foo\na = 3 in [foo.x()]", "foo.x(…)"),
        ("import foo\nclass A(foo.Base): pass\na = A().size", "A"),
        ("def f():\n    import foo\n    while foo.x(): pass\n    return 1\na = f()", "foo.x(…)"),
        ("a = undefined_name", "NameError: name 'undefined_name' is not defined"),
        ("a = [1, 2][5]", "IndexError"),
        ("a = 1 / 0", "ZeroDivisionError"),
        ("a = (3).missing", "AttributeError"),
        ("async def f(): await g()\na = [x async for x in f()]", ""),
    ],
)
def test_what_cannot_be_known_is_unknown(text: str, reason: str) -> None:
    """Libraries, files, environments and failing statements give unknown values, with the reason."""
    found = names_of(text)["a"]
    assert isinstance(found, Unfollowed)
    assert reason in found.reason


@for_each(("title", "text"), titled("reasons.txt"))
def test_the_reason_why_a_value_is_unknown(title: str, text: str) -> None:
    """A title has the reason for `a` and, after `at`, the first line of the code that it is about."""
    reason, _, written = title.rpartition(" at ")
    found = names_of(text)["a"]
    assert isinstance(found, Unfollowed)
    code = found.place.span.source.text[found.place.span.start : found.place.span.end]
    assert (found.reason, code.split("\n")[0]) == (reason, written)


@for_each(
    ("text", "value"),
    [
        ("import foo\nx = [foo.a(), 2]\na = x[1]", 2),
        ("import foo\na = 5\nif a < 0: foo.boom()", 5),
        ("import foo\ndef f(n):\n    if foo.bad(): raise ValueError\n    return n\na = f(3)", 3),
        ("import foo\ndef f(n):\n    if foo.loud():\n        print(n)\n    return n\na = f(3)", 3),
        ("import foo\na = 7 if foo.x() else 7", 7),
        ("import foo\na = True or foo.x()", True),
        ("import foo\na = foo.x() and False", False),
        ("import foo\nwith foo.context() as c:\n    a = 4", 4),
        ("import foo\n@foo.decorated\ndef f(): return 2\na = f()", 2),
        ("import foo\ndef put(f):\n    foo.names[foo.key] = f\n    return f\n@put\ndef f(): return 8\na = f()", 8),
        ("try:\n    import foo\nexcept ImportError:\n    foo = None\na = foo is None", False),
        ("from foo import bar as baz\na = baz is not None", True),
    ],
)
def test_what_is_unknown_does_not_spread_further(text: str, value: object) -> None:
    """A value that does not depend on the unknown part is known."""
    assert names_of(text)["a"] == value


@for_each(
    "text",
    [
        "while True: pass",
        "for i in range(10 ** 12): pass",
        "a = [0] * 10 ** 9",
        "a = 'x' * 10 ** 10",
        "a = 10 ** 10 ** 10",
        "a = 1 << 10 ** 9",
        "a = list(range(10 ** 9))",
        "def f(): return f()\na = f()",
        "class A:\n    def __getattr__(self, n): return getattr(self, n)\na = A().x",
        "a = [1]\nwhile True: a = a + a",
        "a = 'ab'\nwhile True: a = a.replace('a', 'aaaaaaaaaa')",
        "def g():\n    while True: yield 1\na = next(g())",
        "a = 3\nwhile True: a = a * a",
        "from itertools import count\na = list(count())",
    ],
)
def test_endless_programs_end(text: str) -> None:
    """Steps, depth and sizes are limited."""
    with pytest.raises(Stop):
        names_of(text, limits=SourceLimits(steps=60_000))


@for_each(
    "text",
    [
        "a = []\nfor i in range(60): a = [a, a]\nb = []\nfor i in range(60): b = [b, b]\nc = a == b",
        "a = ()\nfor i in range(60): a = (a, a)\nc = str(a)",
        "a = [1]\na.append(a)\nc = a == [a]",
        "c = '{:>99999999}'.format(1)",
        "c = f'{1:>99999999}'",
        "c = '%99999999d' % 1",
    ],
)
def test_deep_values_are_not_compared_or_written(text: str) -> None:
    """Comparing or writing values that share their parts would take exponential time."""
    assert isinstance(names_of(text, limits=SourceLimits(steps=60_000))["c"], Unfollowed)


@for_each(
    "text",
    ["(" * 100_000, "[" * 1_000_000, "-" * 100_000 + "1", "a = (", "print 'x'", "\0", "a" + "+a" * 50_000],
    ids=["parentheses", "brackets", "signs", "open", "python 2", "null", "sum"],
)
def test_texts_that_are_not_python_are_refused(text: str) -> None:
    """Brackets without end, syntax errors and deep expressions are located mistakes."""
    with pytest.raises(SpecError):
        parsed(Source("net.py", text))


def test_neighbours_are_read_inside_the_package_alone(tmp_path: Any) -> None:
    """Relative and absolute imports reach the files of the package, and no file outside of it."""
    package = tmp_path / "models"
    (package / "blocks").mkdir(parents=True)
    (tmp_path / "outside.py").write_text("n = 99\n")
    (package / "__init__.py").write_text("")
    (package / "blocks" / "__init__.py").write_text("from .conv import width\n")
    (package / "blocks" / "conv.py").write_text("width = 16\nfrom ..sizes import *\ndef twice(): return width * two\n")
    (package / "sizes.py").write_text("two = 2\n_hidden = 1\n")
    text = (
        "from .blocks.conv import twice\nfrom .blocks import width\nimport models.sizes as s\nfrom ..outside import n\n"
        "from . import sizes\nfrom models.blocks import conv\na = (twice(), width, s.two, sizes.two, conv.width)\n"
    )
    found = names_of(text, path=str(package / "net.py"))
    assert found["a"] == (32, 16, 2, 2, 16)
    assert not isinstance(found["n"], int)


def test_an_instance_remembers_where_it_was_made() -> None:
    """The position of an instance is that of the call of its class."""
    made = names_of("class A: pass\n\nx = [A() for _ in range(1)][0]\n")["x"]
    assert isinstance(made, PyInstance)
    assert made.place is not None
    assert (made.place.span.line, made.place.span.column) == (3, 6)
