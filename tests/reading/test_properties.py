"""Properties of reading that hold for every text."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc.diagnostics import Source
from cnncalc.reading.expression import ExpressionError, UnknownName, compile_expression
from cnncalc.reading.inline import expand_item, read_inline
from cnncalc.reading.items import split_item
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.number_traps import explain_trap
from cnncalc.reading.scalars import value_of
from cnncalc.reading.templates import find_templates
from cnncalc.reading.yaml_reader import read_yaml

PIECES = [
    "a",
    "b: ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "'",
    '"',
    "#",
    " ",
    "&x ",
    "*x",
    "|",
    ">",
    "->",
    "(",
    ")",
]
PIECES += [
    "${",
    "3x3",
    "×",
    "→",
    "𝔘",
    "\r\n",
    "?",
    ": ",
    "<<",
    "!!str ",
    "!t ",
    "---",
    "%",
    "\t",
    "=",
    "*2",
    "012",
    "@",
    "\\",
]
snippets = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
texts = st.one_of(st.text(max_size=60), snippets)


def with_places(node: SpecNode | None) -> object:
    """The tree with every node's stretch, as tuples."""
    if isinstance(node, Mapping):
        entries = [(with_places(key), with_places(value)) for key, value in node.entries.values()]
        return ("mapping", node.start, node.end, entries)
    if isinstance(node, Sequence):
        return ("list", node.start, node.end, [with_places(item) for item in node.items])
    if isinstance(node, Scalar):  # the Python parser is handed spaces for tabs inside a line
        return (node.text.replace("\t", " "), node.plain, node.start, node.end)
    return None


@given(texts)
@example("a: &x\n  - 1\n")
@example("0\t0:")
@example("! 0\t0:")
@example("'0\t0':")
@example('"0\t0": 1')
@example("- |\n 𝔘\n\n- b")
def test_both_yaml_parsers_agree(text: str) -> None:
    """Where libyaml and PyYAML's own parser both read a text, they give the same tree, places and diagnostics."""
    by_c, problems_of_c = read_yaml(Source("t", text), parser="c")
    by_python, problems_of_python = read_yaml(Source("t", text), parser="python")
    if by_c is not None and by_python is not None:
        assert with_places(by_c) == with_places(by_python)
        assert [str(d) for d in problems_of_c] == [str(d) for d in problems_of_python]


@given(texts)
def test_reading_never_raises(text: str) -> None:
    """Every text gives a tree or a located diagnostic inside the text, never an exception."""
    source = Source("t", text)
    for root, diagnostics in (read_yaml(source), read_inline(source), read_inline(Source("t", "5x7 -> " + text))):
        assert root is not None or diagnostics
        for diagnostic in diagnostics:
            assert diagnostic.span is not None
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.span.source.text) + 3
    node = Scalar(source, 0, len(text), text)
    expand_item(node)
    for token in split_item(node):
        token.value_node()
        assert text[token.start : token.end].replace("×", "x") == token.text.replace("×", "x")


@given(texts)
def test_an_expression_is_refused_or_has_a_value(text: str) -> None:
    """Compiling and evaluating raise nothing but ExpressionError, with offsets inside the text."""

    def lookup(name: str) -> object:
        raise UnknownName(f"no {name}")

    value_of(text)
    explain_trap(text)
    for read in (lambda: find_templates(text), lambda: compile_expression(text).evaluate(lookup)):
        error = refusal(read)
        assert error is None or 0 <= error.start <= error.end <= len(text)


def refusal(read: Callable[[], object]) -> ExpressionError | None:
    """The ExpressionError that a call raises, if it does."""
    try:
        read()
    except ExpressionError as error:
        return error
    return None


numbers = st.integers(min_value=-50, max_value=50).map(str)
expressions = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%", "<", "<=", "==", "and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"not ({text})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]}) if ({parts[1]}) else ({parts[2]})"),
    ),
    max_leaves=6,
)


@given(expressions)
def test_expressions_have_pythons_value(text: str) -> None:
    """Where an expression has a value, it is the one that Python gives."""
    error = refusal(lambda: compile_expression(text).evaluate(str))
    if error is None:
        assert compile_expression(text).evaluate(str) == eval(text)
    else:
        assert re.search("needs numbers|division by zero|2\\*\\*128", error.message)


words = st.from_regex(r"[a-z]{1,6}( [0-9]{1,3}){0,2}", fullmatch=True).filter(
    lambda word: not word.startswith(("x", "add"))
)
chains = st.recursive(
    st.lists(words, min_size=1, max_size=3),
    lambda inner: st.lists(
        st.one_of(words, st.tuples(inner, st.integers(2, 5)), st.lists(inner, min_size=2, max_size=3)),
        min_size=1,
        max_size=3,
    ),
    max_leaves=5,
)


def inline_text(chain: list[object]) -> str:
    """A chain written inline: a text is an item, a pair a repeated group, a list of chains an `add`."""
    parts = []
    for item in chain:
        if isinstance(item, tuple):
            parts.append(f"({inline_text(item[0])})*{item[1]}")
        elif isinstance(item, list):
            parts.append(f"add({' | '.join(inline_text(branch) for branch in item)})")
        else:
            parts.append(str(item))
    return " -> ".join(parts)


def expected_tree(chain: list[object]) -> list[object]:
    tree: list[object] = []
    for item in chain:
        if isinstance(item, tuple):
            tree.append({"layers": expected_tree(item[0]), "repeat": str(item[1])})
        elif isinstance(item, list):
            tree.append({"add": [expected_tree(branch) for branch in item]})
        else:
            tree.append(item)
    return tree


def plain(node: SpecNode) -> object:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


@given(chains)
def test_inline_round_trip(chain: list[object]) -> None:
    """Any nesting of groups and merges, written inline, is read back as it was."""
    root, diagnostics = read_inline(Source("t", f"5x7 -> {inline_text(chain)}"))
    assert diagnostics == []
    assert root is not None
    layers = root.get("layers")
    assert layers is not None
    assert plain(layers) == expected_tree(chain)
