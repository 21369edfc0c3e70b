"""Hints: the text to write where a value cannot be read, and the layers that a name may mean."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.graph.hints import from_habit, layer_hint, meant, readable, shape_hint
from cnncalc.layers.registry import load_all
from cnncalc.reading.nodes import Scalar
from tests.together import for_each

LAYERS = ["conv_1", "dense_1", "dense_2"]
TWELVE = [f"a{number}" for number in range(12)]
DENSE = [f"dense_{number}" for number in range(1, 14)]


@for_each(
    ("name", "names", "hint"),
    [
        ("fc_2", LAYERS, 'fc is another name of dense: did you mean "dense_2"?'),
        ("fc2", LAYERS, 'fc is another name of dense: did you mean "dense_2"?'),
        ("fc_3", LAYERS, "fc is another name of dense, whose layers here are dense_1, dense_2"),
        ("fc_20", DENSE, f"fc is another name of dense, whose layers here are {', '.join(DENSE[:12])}"),
        ("head.fc_1", ["head.dense_1", "dense_1"], 'fc is another name of dense: did you mean "head.dense_1"?'),
        ("head.fc_2", ["head.dense_1", "dense_2"], "fc is another name of dense, whose layers here are head.dense_1"),
        ("fc_1", ["flatten_1"], "the layers are flatten_1"),
        ("fc", ["flatten_1"], "the layers are flatten_1"),
        ("fc_1", [], "it has none"),
        ("dens_2", LAYERS, 'did you mean "dense_2"?'),
        ("conv_9", ["conv_1"], 'did you mean "conv_1"?'),  # conv is the type's own name
        ("zzz", TWELVE, f"the layers are {', '.join(TWELVE)}"),
        ("zzz", [*TWELVE, "a12"], f"the layers are {', '.join(TWELVE)}, …"),
    ],
)
def test_which_layer_may_be_meant(name: str, names: list[str], hint: str) -> None:
    """The layer after its type's own name if there is one, else those of the type, else the closest, else all."""
    assert layer_hint(name, names) == hint


@for_each(
    ("value", "texts"),
    [
        ("1,024", ["1024"]), ("2,048,000", ["2048000"]), ("12,34", ["12x34"]), ("50%", ["0.5"]), ("2.5%", ["0.025"]),
        ("3px", ["3"]), ("4 pixels", []), ("x4", ["4"]), ("4×", ["4"]), ("7,", ["7"]), ("3x3,", ["3x3"]),
        ("32,32,3", ["32x32x3"]), ("3 x 3", ["3x3"]), ("1e3", []), ("abc", []), (5, []), ([1], []),
    ],
)  # fmt: skip
def test_numbers_that_may_be_meant(value: object, texts: list[str]) -> None:
    assert list(meant(value)) == texts


@for_each(
    ("text", "value", "hint"),
    [
        ("8x8x3 -> conv 20, relu", "20,", "write 20, and -> before the next layer"),
        ("8x8x3 -> conv 20, 3x3", "20,", "write 20, without the comma"),
        ("8x8x3 -> conv 20,", "20,", "write 20, without the comma"),
        ("8x8x3 -> add(conv 20, relu)", "20,", "write 20, and | before the next layer"),
        ("8x8x3 -> add(conv 1) -> conv 20, relu", "20,", "write 20, and -> before the next layer"),
        ("conv 1,024", "1,024", "write 1024"),
        ("conv many", "many", ""),
        ("conv 50%", "50%", ""),  # 0.5 is no whole number
    ],
)
def test_what_to_write(text: str, value: str, hint: str) -> None:
    """What can be read in its place; a comma before the next layer is an arrow or, inside a branch, a bar."""
    start = text.index(value)
    node = Scalar(Source("<inline>", text), start, start + len(value), value)
    assert readable(value, lambda read: isinstance(read, int), node) == hint


@for_each(
    ("value", "hint"),
    [
        ([None, 32, 32, 3], "shapes have no batch axis: write 32x32x3"),
        ("none x 32", "shapes have no batch axis: write 32"),
        ("-1x5", "shapes have no batch axis: write 5"),
        ("3.5x3", "every size is a whole number from 1, without a decimal point"),
        ("0x5", "every size is at least 1"),
        ("10x5x", "write for example 32x32x3, without the batch"),
        ("32,32,3", "write 32x32x3"),
        ("32 32 3,", "write 32x32x3, and -> before the next layer"),
        ("32 32 3;", "write 32x32x3, and -> before the next layer"),
        ("abc", "write for example 32x32x3, without the batch"),
        ([1, 2, [3]], "write for example 32x32x3, without the batch"),
        (5, "write for example 32x32x3, without the batch"),
    ],
)
def test_shapes_that_may_be_meant(value: object, hint: str) -> None:
    assert shape_hint(value) == hint


@for_each(
    ("value", "layer", "hint"),
    [
        ("/2", "conv", "write s2 for a stride of 2"), ("/12", "max_pool", "write s12 for a stride of 12"),
        ("/0", "conv", ""), ("/100", "conv", ""), ("/2", "relu", ""),
        (10, "softmax", "write dense 10 softmax for 10 outputs"), (10, "relu", "write dense 10 relu for 10 outputs"),
        (True, "relu", ""), ("10", "softmax", ""), (10, "conv", ""),
    ],
)  # fmt: skip
def test_habits(value: object, layer: str, hint: str) -> None:
    """`conv 64 7x7 /2` of the papers, and `softmax 10` for an output layer."""
    assert from_habit(value, load_all()[layer]) == hint
