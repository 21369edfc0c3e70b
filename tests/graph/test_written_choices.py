"""Arguments that choose a type, and fields written without `=`: shapes, and mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import Source, SpecError
from cnncalc.graph.model import Node
from cnncalc.graph.plain_items import plain_item
from cnncalc.reading.plain_mapping import PlainMapping
from tests.graph.facts import IMAGE, INLINE, agrees, mistakes_of, shapes_of
from tests.together import for_each


@for_each(
    ("text", "shapes"),
    [
        (INLINE + "Pooling(pool=AVE, kernel_size=3, stride=2)", "avg_pool_1 6x5x3"),
        (INLINE + "Pooling(pool=MAX, global_pooling=true, kernel_size=3)", "global_max_pool_1 1x1x3"),
        (INLINE + "Pooling(pool=AVE, global_pooling=true)", "global_avg_pool_1 1x1x3"),
        (INLINE + "Pooling(kernel_size=3)", "max_pool_1 4x3x3"),
        (IMAGE + "layers: [{max_pool: 3, pool: AVE}]", "avg_pool_1 4x3x3"),
        (INLINE + "max_pool 3 pool=AVE", "avg_pool_1 4x3x3"),
        (INLINE + "Pooling(3, pool=AVE)", "avg_pool_1 4x3x3"),
    ],
)  # fmt: skip
def test_the_shapes_of_layers(text: str, shapes: str) -> None:
    assert shapes_of(text) == shapes


@for_each(
    ("text", "place", "message", "hint"),
    [
        (INLINE + "Pooling(pool=zzz, kernel_size=3)", "1:25 E204", "pool: got zzz. Allowed: MAX, AVE", ""),
        (IMAGE + "layers: [{max_pool: {kernel: 3, pool: AVE}}, {Pooling: [2], pool: AVE}]", "2:47 E303",
         "avg_pool_2: 1 values for an input with 2 spatial axes", "give one number, or a list of 2"),
        (INLINE + "Pad(pads=[0, 1, 1, 0, 1, 1, 0, 0], mode=reflect)", "1:12 E303",
         "reflection_pad_1: 8 values for an input with 2 spatial axes",
         "write one number, or [[before, after], [before, after]]"),
        (INLINE + "max_pool 3 relu global_pooling=true", "1:21 E204",
         "global_max_pool: no place for 3; it takes nothing by position", "write the field's name: keep=…"),
        (INLINE + "conv 5 3x3 stride = 2", "1:23 E204", 'conv: "stride" is a field, whose value follows a `=`',
         "write stride=2"),
        (INLINE + "conv 5 3x3 stride:2", "1:23 E204", 'conv: "stride" is a field, whose value follows a `=`',
         "write stride=2"),
        (INLINE + "conv 5 3x3 bias", "1:23 E204", 'conv: "bias" is a field, whose value follows a `=`',
         "write bias=true"),
        (INLINE + "conv 5 3x3 stride", "1:23 E204", 'conv: "stride" is a field, whose value follows a `=`',
         "write stride=…"),
        (INLINE + "conv 5 3x3 name first", "1:23 E204", 'conv: "name" is a field, whose value follows a `=`',
         "write name=first"),
        # a value that is a field's name is no second field, and a field with a sign but no value is none without one
        (INLINE + "conv 5 3x3 name stride", "1:23 E204", 'conv: "name" is a field, whose value follows a `=`',
         "write name=stride"),
        (INLINE + "conv 5 3x3 stride= xx", "1:30 E204", "stride: got nothing, but a whole number is needed", ""),
    ],
)  # fmt: skip
def test_a_mistake(text: str, place: str, message: str, hint: str) -> None:
    """An ellipsis stands for the rest of a long text."""
    ((where, told, advice),) = mistakes_of(text)
    assert where == place
    assert agrees(told, message)
    assert agrees(advice, hint)


@for_each(
    ("text", "mistakes"),
    [
        (INLINE + "conv 5 3x3 stride = 2 padding = same",
         ['1:23 E204 conv: "stride" is a field, whose value follows a `=`',
         '1:34 E204 conv: "padding" is a field, whose value follows a `=`']),
        (INLINE + "conv 5 3x3 stride =2 dilation 1", ['1:23 E204 conv: "stride" is a field, whose value follows a `=`',
         '1:33 E204 conv: "dilation" is a field, whose value follows a `=`']),
        (INLINE + "conv 5 3x3 stride 2, padding 1;", ['1:23 E204 conv: "stride" is a field, whose value follows a `=`',
         '1:33 E204 conv: "padding" is a field, whose value follows a `=`']),
        (INLINE + "conv 5 3x3 padding 1 1", ['1:23 E204 conv: "padding" is a field, whose value follows a `=`',
         "1:33 E204 conv: no place for 1; it takes filters and kernel by position"]),
        (INLINE + "conv filters 5 kernel 3", ['1:17 E204 conv: "filters" is a field, whose value follows a `=`',
         '1:27 E204 conv: "kernel" is a field, whose value follows a `=`']),
    ],
)  # fmt: skip
def test_several_mistakes(text: str, mistakes: list[str]) -> None:
    """They are reported together, in the order of the text."""
    found = [f"{where} {told}" for where, told, _ in mistakes_of(text)]
    assert all(map(agrees, found, mistakes))
    assert len(found) == len(mistakes)


@for_each(
    ("text", "stretches"),
    [
        ("conv 5 3x3 stride = 2", ["stride = 2"]), ("conv 5 3x3 stride =2 dilation 1", ["stride =2", "dilation 1"]),
        ("conv 5 3x3 stride 2, padding 1", ["stride 2,", "padding 1"]), ("conv 5 3x3 stride:2", ["stride:2"]),
        ("conv 5 3x3 bias", ["bias"]),
    ],
)  # fmt: skip
def test_the_extent_of_a_field_without_a_sign(text: str, stretches: list[str]) -> None:
    """From the word to the end of its value."""
    source = INLINE + text
    with pytest.raises(SpecError) as caught:
        load(source)
    spans = [found.span for found in caught.value.diagnostics if found.span]
    assert [source[span.start : span.end] for span in spans] == stretches


SOURCE = Source("net.onnx", "")


@for_each(
    ("values", "key"),
    [
        ({"conv": {"filters": 5}}, ("conv", "{'filters': 5}")),
        ({"conv": {"filters": 5, "name": "a"}}, ("conv", "{'filters': 5}")),
        ({"relu": {}}, ("relu", "{}")), ({"wrap": {"layer": {"conv": 5}}}, None), ({"conv": {"filters": "$n"}}, None),
    ],
)  # fmt: skip
def test_the_key_of_an_item_of_plain_values(values: dict[str, Any], key: tuple[str, str] | None) -> None:
    """Its type and its own fields, unless a layer is inside of it or an expression may be."""
    known: dict[Any, Any] = {}
    first, second = (plain_item(PlainMapping(SOURCE, place, place, values), known) for place in (3, 7))
    assert first is not None
    assert second is not None
    assert (first.key, second.key, first.head and first.head.text) == (key, key, next(iter(values)))
    assert second.arguments is first.arguments
    assert [argument.key.text for argument in first.arguments if argument.key] == [
        name for name in values[first.head.text] if name != "name"
    ]
    assert set(first.common) == {"name"} & set(values[first.head.text])


@for_each(
    "values", [{"conv": {}, "relu": {}}, {"conv": 5}, {"repeat": {}}, {"layers": {}}, {"conv": {}, "name": "a"}]
)  # fmt: skip
def test_mappings_that_are_no_item_of_plain_values(values: dict[str, Any]) -> None:
    assert plain_item(PlainMapping(SOURCE, 0, 0, values), {}) is None


@for_each(
    ("text", "mistake"),
    [
        # a word that is a bool in YAML 1.1 alone is explained where a bool is needed, not where a number is
        ("dense units=yes", ("1:24 E204", 'units: got "yes", but a whole number is needed', "")),
        ("conv 5 3x3 groups=no", ("1:30 E204", 'groups: got "no", but a whole number is needed', "")),
        ("dense 5 bias=on", ("1:25 E105", "`on` is a bool in YAML 1.1 and text in YAML 1.2", "write true")),
        # 60 characters of the inner call
        (f"F.max_pool2d(F.relu({'x' * 70}), 2)",
         ("1:25 E209", "F.max_pool2d takes the output of another call here",
          f"write one after the other: F.relu({'x' * 53} -> F.max_pool2d(…)")),
    ],
)  # fmt: skip
def test_words_where_a_number_is_needed(text: str, mistake: tuple[str, str, str]) -> None:
    assert mistakes_of(INLINE + text) == [mistake]


def test_a_node_by_default() -> None:
    """It is trained, shares no weights, and holds one sample for each of the model's."""
    (node,) = [node for node in load("9x3 -> relu").nodes if node.layer is not None]
    plain = Node("a", None, (), (9, 3), node.span)
    assert (plain.path, plain.activation, plain.trainable, plain.shares, plain.samples) == ((), None, True, None, 1)
    assert (node.trainable, node.unbatched, node.ties) == (True, False, ())
