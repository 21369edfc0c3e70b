"""An item's short text as tokens with their places."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.reading.items import Located, split_item
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
        ("'a b' c", ["'a b'", "c"]),
        ("name='a ' x", ["name='a '", "x"]),
        ("k='' y='b c' z", ["k=''", "y='b c'", "z"]),
        ("k=[Bob's, b] c", ["k=[Bob's, b]", "c"]),
        ("k=[ 'a]', b] c", ["k=[ 'a]', b]", "c"]),
        ("k=[a, 'b] c", ["k=[a, 'b] c"]),
        ("k=[${d[0] + ']'}, 2] c", ["k=[${d[0] + ']'}, 2]", "c"]),
        ("k=[(1, [2]), 3] c", ["k=[(1, [2]), 3]", "c"]),
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
        ("k=''", "«»"),
        ("k='", "'"),
        ("k=[a,,b]", ["a", "", "b"]),
        ("k=[[1],]", [["1"]]),
        ("k=[[1], ,2]", [["1"], "", "2"]),
        ("k=[(1, 2), 3]", ["(1, 2)", "3"]),
        ("k=[a [1, 2], 3]", ["a [1, 2]", "3"]),
        ("k=[ 'a' , b ]", ["«a»", "b"]),
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


@pytest.mark.parametrize(("levels", "is_list"), [(100, True), (101, False)])
def test_lists_of_a_value_are_nested_100_deep(levels: int, is_list: bool) -> None:
    (token,) = split_item(scalar("k=" + "[" * levels + "1" + "]" * levels))
    assert isinstance(token.value_node(), Sequence) is is_list


@for_each(
    ("start", "end", "text", "place"),
    [
        (0, 4, "abcd", (1, 3)),
        (2, 8, "cdef", (3, 5)),
        (1, 6, "cdef", (3, 5)),
        (2, 5, "cdef", (2, 5)),
        (0, 9, "xy", (0, 9)),
    ],
)
def test_the_place_of_a_part(start: int, end: int, text: str, place: tuple[int, int]) -> None:
    """The second and third character, where the text is at the start of its node or one after it; else the node."""
    assert Located(Scalar(Source("t", "abcdefghi"), start, end, text)).place(1, 3) == place


def test_a_token_without_a_key_is_its_own_key() -> None:
    _, token = split_item(scalar("conv 720"))
    assert (token.key_span.start, token.key_span.end) == (5, 8)
