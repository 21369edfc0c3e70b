"""An item's short text as tokens with their places."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.reading.items import split_item
from cnncalc.reading.nodes import Mapping, Scalar, Sequence
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each


def scalar(text: str) -> Scalar:
    return Scalar(Source("t", text), 0, len(text), text)


@for_each(
    ("text", "tokens"),
    [
        ("conv 20 8x8 s2 p1", ["conv", "20", "8x8", "s2", "p1"]),
        ("  relu  ", ["relu"]),
        ("", []),
        ("conv 20 8×8×7", ["conv", "20", "8x8x7"]),
        ("conv × x×y", ["conv", "×", "x×y"]),
        ("dense ${a + 'b } c'} x", ["dense", "${a + 'b } c'}", "x"]),
        ("conv kernel=[3, [4, 5]] s2", ["conv", "kernel=[3, [4, 5]]", "s2"]),
        ("conv name='a b' x", ["conv", "name='a b'", "x"]),
        ("conv Bob's x", ["conv", "Bob's", "x"]),
        ("conv $${a b}", ["conv", "$${a", "b}"]),
        ("conv name='a b", ["conv", "name='a b"]),
        ("stage${i}.${j + 1}x y", ["stage${i}.${j + 1}x", "y"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    """White space separates tokens, except inside `${…}`, quotes and brackets; × between numbers is x."""
    assert [token.text for token in split_item(scalar(text))] == tokens


@for_each(
    ("text", "key", "value"),
    [
        ("name=a", "name", "a"),
        ("when=${i==0}", "when", "${i==0}"),
        ("from=[a, b]", "from", "[a, b]"),
        ("name=", "name", ""),
        ("${i==0}", "", "${i==0}"),
        ("a==b", "", "a==b"),
        ("3=4", "", "3=4"),
        ("weight.x=1", "weight.x", "1"),
    ],
)
def test_key_and_value(text: str, key: str, value: str) -> None:
    """`key=value` is split at its first `=`; an expression is never split."""
    (token,) = split_item(scalar(text))
    assert (token.key, token.value) == (key, value)


@for_each(
    ("yaml", "places"),
    [
        ("- conv 𝔘 name=ab\n", ["conv", "𝔘", "name=ab"]),
        ("- 'conv 𝔘 name=ab'\n", ["conv", "𝔘", "name=ab"]),
        ('- "conv 20"\n', ["conv", "20"]),
        ('- "conv\\x20 20"\n', ['"conv\\x20 20"'] * 2),
        ("- 'it''s 20'\n", ["'it''s 20'"] * 2),
        ("- conv\n  20\n", ["conv\n  20"] * 2),
    ],
)
def test_place(yaml: str, places: list[str]) -> None:
    """A token stands where it was written; in an escaped or folded text, at the whole of it."""
    source = Source("t", yaml)
    root, _ = read_yaml(source)
    assert isinstance(root, Sequence)
    assert isinstance(root.items[0], Scalar)
    assert [yaml[token.start : token.end] for token in split_item(root.items[0])] == places


def test_parts_of_a_token_have_places() -> None:
    """The key and the value of a token are blamed separately."""
    _, token = split_item(scalar("conv stride=7"))
    assert (token.key_span.column, token.value_span.column, token.value_span.end) == (6, 13, 13)


@for_each(
    ("text", "tree"),
    [
        ("from=[a, b]", ["a", "b"]),
        ("k=[[3, 5], [7,11]]", [["3", "5"], ["7", "11"]]),
        ("k=[]", []),
        ("k=['a, b', c,]", ["«a, b»", "c"]),
        ("k=[${min(1, 2)}, 3]", ["${min(1, 2)}", "3"]),
        ("k='12'", "«12»"),
        ("k=12", "12"),
        ("k='a'b'", "'a'b'"),
    ],
)
def test_value_node(text: str, tree: object) -> None:
    """A token's value is the node that YAML's flow form would give."""
    (token,) = split_item(scalar(text))

    def plain(node: object) -> object:
        if isinstance(node, Sequence):
            return [plain(item) for item in node.items]
        assert isinstance(node, Scalar)
        assert not isinstance(node, Mapping)
        return node.text if node.plain else f"«{node.text}»"

    assert plain(token.value_node()) == tree
