"""Plain values as nodes of one place, and nodes as plain values."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.reading.nodes import Mapping, Scalar, Sequence
from cnncalc.reading.plain_mapping import PlainMapping, node_of
from cnncalc.reading.scalars import plain_value
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each

SOURCE = Source("net.onnx", "")


@for_each(
    ("value", "text", "plain"),
    [
        (5, "5", True), (-7, "-7", True), (0.5, "0.5", True), (True, "true", True), (False, "false", True),
        (None, "null", True),
        ("a", "a", False), ("5", "5", False), ("${n}", "$${n}", False),
    ],
)  # fmt: skip
def test_a_plain_value_as_a_node(value: object, text: str, plain: bool) -> None:
    """A text is quoted, and holds no expression."""
    node = node_of(value, SOURCE, 3, 4)
    assert isinstance(node, Scalar)
    assert (node.text, node.plain, node.start, node.end) == (text, plain, 3, 4)
    assert plain_value(node) == (value if value != "${n}" else text)


def test_lists_and_mappings_as_nodes() -> None:
    """Tuples are lists; the keys of inner mappings are texts; the entries are made once."""
    node = PlainMapping(SOURCE, 3, 4, {"a": [1, (2, "x")], "b": {7: None}})
    listed, inner = node.get("a"), node.get("b")
    assert isinstance(listed, Sequence)
    assert isinstance(inner, Mapping)
    assert plain_value(node) == {"a": [1, [2, "x"]], "b": {"7": None}}
    assert [(key.text, key.start, key.end) for key, _ in node.entries.values()] == [("a", 3, 4), ("b", 3, 4)]
    assert (listed.start, inner.end, node.get("a") is listed, node.get("c")) == (3, 4, True, None)
    with pytest.raises(AttributeError):
        node.items  # noqa: B018


def test_nodes_as_plain_values() -> None:
    """Words by YAML 1.2, quoted ones as texts; nothing for a node that is missing."""
    node, _ = read_yaml(Source("t", "a: [1, 'x', {b: ~, c: '5'}]\nd: {}\n"))
    assert plain_value(node) == {"a": [1, "x", {"b": None, "c": "5"}], "d": {}}
    assert plain_value(None) is None
