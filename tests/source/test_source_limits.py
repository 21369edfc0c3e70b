"""The limits of programs, at the limit and one above it, and what unknown conditions leave known."""

from __future__ import annotations

import re

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.source.signals import Stop
from cnncalc.source.source_file import SourceFile, parsed
from cnncalc.source.steps import SourceLimits, Steps, weigh
from cnncalc.source.values import Unfollowed
from tests.source.interpreting import names_of
from tests.together import for_each

FIB = "def f(n): return n if n == 0 else f(n - 1)\n"


@for_each(
    ("fits", "too_much", "limits"),
    [
        # The bits of both numbers are added before the product or the sum is computed.
        ("2 ** 50", "2 ** 51", SourceLimits(bits=100)), ("3 << 98", "3 << 99", SourceLimits(bits=100)),
        ("2 ** 49 * 2 ** 49", "2 ** 48 * 2 * (2 ** 49 * 2)", SourceLimits(bits=100)),
        ("2 ** 49 + 2 ** 49", "2 ** 49 + 2 ** 49 * 2", SourceLimits(bits=100)),
        ("5 ** -900 + (1 << -0)", "5 ** 900", SourceLimits(bits=100)),
        ("[0] * 10", "[0] * 11", SourceLimits(elements=10)), ("10 * 'x'", "11 * 'x'", SourceLimits(elements=10)),
        ("[1, 2] * 5 + [0] * -3", "(1, 2) * 6", SourceLimits(elements=10)),
        ("[1] * 5 + [1] * 5", "[1] * 5 + [1] * 6", SourceLimits(elements=10)),
        ("'abcde' + 'abcde'", "'abcde' + 'abcdef'", SourceLimits(elements=10)),
        ("list(range(10))", "list(range(11))", SourceLimits(elements=10)),
        ("list(map(int, range(10)))", "list(map(int, range(11)))", SourceLimits(elements=10)),
        ("','.join(['a'] * 5)", "','.join(['a'] * 6)", SourceLimits(elements=10)),
        ("f'{12345}{67890}'", "f'{12345}{678901}'", SourceLimits(elements=10)),
        ("'aaa'.replace('a', 'bb')", "'aaa'.replace('a', 'bbb')", SourceLimits(elements=10)),
        ("[1].extend([1] * 9)", "[1].extend([1] * 10)", SourceLimits(elements=10)),
        ("sorted([2])", "sorted([2, 1])", SourceLimits(elements=15)),  # an order costs eight elements for each value
        ("{1: 2} | {3: 4}", "{1: 2, 3: 4} | {5: 6, 7: 8}", SourceLimits(elements=3)),
        (FIB + "f(2)", FIB + "f(3)", SourceLimits(depth=3)),
        ("'%s' % ('a' * 5)", "'%sabcdefghij' % 5", SourceLimits(elements=10)),
    ],
)  # fmt: skip
def test_at_a_limit(fits: str, too_much: str, limits: SourceLimits) -> None:
    """The first has a value; the second, which is one above the limit, ends the program."""
    before, _, last = fits.rpartition("\n")
    assert not isinstance(names_of(f"{before}\na = {last}", limits=limits)["a"], Unfollowed)
    before, _, last = too_much.rpartition("\n")
    with pytest.raises(Stop):
        names_of(f"{before}\na = {last}", limits=limits)


def test_lists_that_grow_in_place_are_limited() -> None:
    limits = SourceLimits(elements=10)
    assert names_of("a = [1] * 9\na += [2]", limits=limits)["a"] == [1] * 9 + [2]
    with pytest.raises(Stop, match="a list or a text in this program is too long"):
        names_of("a = [1] * 10\na += [2]", limits=limits)


ENDLESS = [
    ("while True:\n    pass", (1, 7), "loop"),
    ("for i in range(9):\n    for j in range(10 ** 9):\n        pass", (2, 14), "loop"),
    ("for i in range(90):\n    for j in range(90):\n        pass", (1, 10), "loop"),
    ("a = 1\nb = [i for i in range(10 ** 9)]", (2, 6), "comprehension"),
    ("b = {i: 1 for i in range(10 ** 9)}", (1, 5), "comprehension"),
    ("def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n\na = f(20)", (4, 5), "call of f"),
]


@pytest.mark.parametrize(("text", "place", "what"), ENDLESS)
def test_the_steps_are_those_of_a_loop_or_call(text: str, place: tuple[int, int], what: str) -> None:
    """The innermost loop or call that takes most of them; columns counted by hand."""
    with pytest.raises(Stop) as caught:
        names_of(text, limits=SourceLimits(steps=5_000))
    found = caught.value
    assert re.fullmatch(f"this program takes too many steps, [45],[0-9]+ of them in this {what}", found.reason)
    assert found.place is not None
    assert (found.place.span.line, found.place.span.column) == place


@for_each(
    ("text", "unknown"),
    [
        ("a.append(i)", "a"), ("b['k'] = i", "b"), ("f()", "a"), ("g(a)", "a"), ("g(x=a)", "a"), ("h()", "a"),
        ("n()", "c"), ("s(b)", "b"), ("len(a)", ""), ("q(a)", ""), ("r()", ""),
    ],
)  # fmt: skip
def test_what_a_loop_that_fails_leaves_unknown(text: str, unknown: str) -> None:
    """What it would have changed itself, or in functions that it calls; not what these only read, or have alone."""
    program = (
        "a, b, c = [], {}, 0\ndef f():\n    a.append(1)\ndef g(x):\n    x.append(1)\ndef h():\n    g(a)\n"
        "def n():\n    global c\n    c = 1\ndef s(x):\n    x['k'] = 1\ndef q(x):\n    return x[0]\n"
        "def r():\n    a = []\n    a.append(1)\n"
    )
    names = names_of(f"{program}for i in missing:\n    {text}\n")
    assert [name for name in "abc" if isinstance(names[name], Unfollowed)] == list(unknown)


def test_steps_are_counted() -> None:
    """A step more than are left ends the program; eight elements of a container cost one."""
    steps = Steps(SourceLimits(steps=12, elements=100))
    steps.spend()
    steps.check_length(80)
    assert steps.left == 1
    steps.spend(1)
    with pytest.raises(Stop, match="this program takes too many steps"):
        steps.spend()
    with pytest.raises(Stop, match="too long"):
        Steps(SourceLimits(elements=100)).check_length(101)


@for_each(
    ("value", "most", "count", "strange"),
    [
        (3, 9, 1, None), ([1, [2, (3,)]], 9, 6, None), ({1: [2], "b": {3}}, 9, 7, None), ([0] * 5, 3, 4, None),
        ([], 9, 1, None), ([True, None, ..., b"x", slice(1), range(9), 1.5, 2j], 9, 9, None), ({}, 9, 1, None),
        ([1, len, 2], 9, 4, len), ({"k": [len]}, 9, 4, len), (frozenset([len]), 9, 2, len), (len, 9, 1, len),
        ([1] * 100, 2_000, 101, None), ([0] * 9, 9, 10, None), ({1: 2, 3: 4}, 2, 3, None),
    ],
)  # fmt: skip
def test_what_a_value_weighs(value: object, most: int, count: int, strange: object) -> None:
    """The values in all containers and the containers themselves, up to one more than `most`."""
    assert weigh(value, most) == (count, strange)


UNKNOWN = "a condition that is not known (foo.x(…))"


@for_each(
    ("body", "value"),
    [
        # What a branch does counts only if it may change something.
        ("if foo.x(): pass", 3), ("if foo.x(): 'a note'", 3), ("if foo.x(): assert n", 3), ("if foo.x(): print(n)", 3),
        ("if foo.x(): foo.log.warn(n)", 3), ("if foo.x(): print(n)\n    else: pass", 3), ("if foo.x(): n = 4", UNKNOWN),
        ("if foo.x(): foo.y()", UNKNOWN), ("if foo.x(): pass\n    else: n = 4", UNKNOWN),
        ("if foo.x(): n = 4\n    else: pass", UNKNOWN), ("if foo.x(): n", UNKNOWN), ("if foo.x(): n += 1", UNKNOWN),
        # A branch that ends in an exception is not taken.
        ("if foo.x(): raise ValueError", 3), ("if foo.x(): raise ValueError\n    else: n = 4", 4),
        ("if foo.x(): n = 4\n    else: raise ValueError", 4), ("if foo.x(): print(n); raise ValueError", 3),
        ("if foo.x(): n = 4; raise ValueError", UNKNOWN), ("if foo.x(): raise ValueError; n = 4", UNKNOWN),
        ("if foo.x(): raise ValueError\n    elif foo.y(): raise ValueError\n    else: n = 5", 5),
        ("if foo.x(): n = 4\n    elif n: raise ValueError", UNKNOWN),
        ("assert foo.x()\n    n += 1", 4), ("while n < 5: n += 1\n    assert n == 5", 5),
    ],
)  # fmt: skip
def test_conditions_that_are_not_known(body: str, value: object) -> None:
    """The value of `f(3)`, or why it is unknown."""
    found = names_of(f"import foo\ndef f(n):\n    {body}\n    return n\na = f(3)")["a"]
    assert (found.reason if isinstance(found, Unfollowed) else found) == value


@for_each(
    ("text", "value"),
    [
        # A statement of a module that fails leaves unknown what it would have changed.
        ("a = [1]\nfor i in foo.x(): a.append(i)", "foo.x(…)"), ("a = {}\nfor i in foo.x(): a.update(i)", "foo.x(…)"),
        ("a = [1]\nfor i in foo.x(): len(a)", [1]), ("a = [1]\nfor i in foo.x(): a.index(i)", [1]),
        ("for i in foo.x(): a = 1", "foo.x(…)"), ("for a in foo.x(): pass", "foo.x(…)"),
        ("a = 1\nfor i in foo.x(): a += 1", "foo.x(…)"), ("a = 1\nfor i in foo.x():\n    def a(): pass", "foo.x(…)"),
        ("a = 1\nfor i in foo.x():\n    class a: pass", "foo.x(…)"), ("a = 1\nfor i in foo.x(): b = 2", 1),
        ("class A: pass\no = A()\no.k = 1\nif foo.x(): o.k = 2\na = o.k", UNKNOWN),
        ("class A: pass\no = A()\no.k, o.j = 1, 2\nif foo.x(): o.k = 2\na = o.j", 2),
        ("class A:\n    def f(self): self.k = foo.x() + 1 if foo.y() else 2\no = A()\no.k = 1\no.f()\na = o.k",
         "foo.y(…)"),
        ("class A:\n    k = 1\n    def f(self):\n        for i in foo.x(): self.k = i\no = A()\no.f()\na = o.k",
         "foo.x(…)"),
        ("class A:\n    k = 1\n    def f(self):\n        for i in foo.x(): self.j = i\no = A()\no.f()\na = o.k", 1),
        ("class A:\n    k = 1\n    def f(self):\n        for i in foo.x(): print(self.k)\no = A()\no.f()\na = o.k", 1),
        # So does a method that raises an exception; a call of something else changes nothing.
        ("class A:\n    k = 1\n    def f(self):\n        raise ValueError\n        self.k = 2\no = A()\no.f()\na = o.k",
         "ValueError"),
        ("class A:\n    k, j = 1, 2\n    def f(self): self.j = 1 / 0\no = A()\no.f()\na = o.k", 1),
        ("class A:\n    k = 1\no = A()\no.missing()\na = o.k", 1), ("class A:\n    k = 1\no = A()\no.k()\na = o.k", 1),
        ("o = 3\no.f()\na = o", 3), ("(lambda: foo.x() + {}['k'])()\na = 4", 4), ("1 / 0\na = 5", 5),
        # Names of libraries are the same if their paths are.
        ("a = [foo.x == foo.x, foo.x != foo.x, foo.x == foo.y, foo.x != foo.y]", [True, False, False, True]),
        ("a = [foo.x is foo.x, foo.x is foo.y, foo.x is not foo.y, foo.x == 3, 3 != foo.x]",
         [True, False, True, False, True]),
        ("a = [foo.x in (1, foo.x), foo.x in (foo.y,), foo.x in {foo.y: 1}]", [True, False, False]),
        ("a = (foo.x | None) == foo.x", True), ("a = foo.x[int] == foo.x", True),
        # A decorator whose result is unknown but that returns its argument changes nothing.
        ("def d(f):\n    if foo.x(): f.k = 1\n    return f\n@d\ndef a(): return 2\na = a()", 2),
        ("def d(f):\n    if foo.x(): f.k = 1\n    f = 3\n    return f\n@d\ndef a(): return 2\na = a()", UNKNOWN),
        ("def d(f):\n    if foo.x(): f.k = 1\n    return 3\n@d\ndef a(): return 2\na = a()", UNKNOWN),
        ("@foo.d\n@foo.e(1)\ndef a(): return 2\na = a()", 2), ("d = foo.x()\n@d\nclass A:\n    k = 2\na = A.k", 2),
        ("with foo.x() as b, foo.y as c:\n    a = 3", 3), ("a = 1 and foo.x() and 0 == 1", False),
        ("a = 0 or foo.x() or 1 == 1", True), ("a = foo.x() or 'b'", "foo.x(…)"), ("a = 1 if foo.x() else 1", 1),
        ("a = 1 if foo.x() else 2", "foo.x(…)"), ("b = []\na = (b if foo.x() else b) is b", True),
        ("a = int() if foo.x() else int()", "foo.x(…)"), ("a = [foo.x(), 2][1]", 2), ("a = any([foo.x(), 1])", True),
        ("a = all([foo.x(), 0])", False), ("a = len([foo.x(), foo.y()])", 2), ("a = {1: foo.x()}.get(2, 5)", 5),
    ],
)  # fmt: skip
def test_how_far_the_unknown_reaches(text: str, value: object) -> None:
    """The value of `a`, or why it is unknown."""
    found = names_of(f"import foo\n{text}")["a"]
    assert (found.reason if isinstance(found, Unfollowed) else found) == value


@for_each(
    ("text", "code", "line", "column", "message"),
    [
        ("x = 1\n)\n", "E101", 2, 1, "this is not Python 3: unmatched ')'"),
        ("x = 1\nx = = 2\n", "E101", 2, 5, "this is not Python 3: invalid syntax"),
        ("жук = 1 $ 2\n", "E101", 1, 9, "this is not Python 3: invalid syntax"),
        ("x = 1\0\n", "E101", 1, 1, "this is not Python 3: source code string cannot contain null bytes"),
        ("-" * 100_000 + "1", "E103", 1, 1, "this Python text is nested too deeply"),
    ],
)
def test_the_place_of_what_is_not_python(text: str, code: str, line: int, column: int, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parsed(Source("net.py", text))
    (found,) = caught.value.diagnostics
    assert (found.code, found.line, found.column, found.message) == (code, line, column, message)


def test_positions_count_characters() -> None:
    """The syntax tree counts bytes; a position in a line with others than ASCII counts characters."""
    file = SourceFile(Source("net.py", "s = 'é𝔘'; f(s)\nx = [1,\n  'ж']; y\n"))
    nodes = [node.value if hasattr(node, "value") else node for node in file.tree.body]
    spans = [file.span(node) for node in nodes]
    assert [file.source.text[span.start : span.end] for span in spans] == ["'é𝔘'", "f(s)", "[1,\n  'ж']", "y"]
    assert file.offset(99, 0) == len(file.source.text)
