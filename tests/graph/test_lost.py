"""Names that broken items would have given: a reference to one is not a second mistake."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.graph.lost import Lost, written_names
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each


def lost() -> Lost:
    found = Lost()
    found.lose("a", 3)
    found.lose("a", 9)  # the first one stays
    found.lose("stage${i}", 5)
    found.lose_numbered("block.", "conv", 6)
    found.lose_numbered("block.", None, 7)
    found.lose_numbered("", "dense", 8)
    return found


@for_each(
    ("name", "place"),
    [
        ("a", 3), ("a.conv_1", 3), ("a.b.c", 3), ("ab", None), ("b.a", None), ("stage2", 5), ("stage2.relu_1", 5),
        ("block.conv_2", 6), ("block.conv_2.0", 6), ("block.pool_1", 7), ("block.conv", None), ("dense_1", 8),
        ("dense", None), ("conv_2", None), ("other.dense_1", None),
    ],
)  # fmt: skip
def test_what_was_lost(name: str, place: int | None) -> None:
    """A name, what is inside of it, names that begin like an expression, and unnamed layers of a type or of any."""
    assert lost().find(name) == place


def test_all_names_are_lost() -> None:
    """The names of the inputs cannot be read."""
    found = Lost()
    assert found.find("x") is None
    found.lose_all(0)
    assert found.find("x") == 0


@for_each(
    ("text", "names"),
    [
        ("conv 3 name=a", ["a"]), ("add(conv 3 name=a | relu name = b)", ["a", "b"]),
        ("split 2 names=[a, 'b']", ["a", "b"]), ("conv 3 surname=a", []),
        ("{conv: {filters: 3, name: a}}", ["a"]), ("{split: {names: [a, b], to: name=c}}", ["a", "b", "c"]),
        ("[relu name=a, {add: [[{relu: {name: b}}], []]}]", ["a", "b"]), ("{relu: {name: {x: y}}}", []),
    ],
)  # fmt: skip
def test_names_that_an_item_writes(text: str, names: list[str]) -> None:
    """In the inline form and in YAML, also inside of branches."""
    node, _ = read_yaml(Source("a.yaml", text), DEFAULT_LIMITS)
    assert node is not None
    assert list(written_names(node)) == names
