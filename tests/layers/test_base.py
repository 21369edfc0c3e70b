"""The rules that every layer type inherits: axes by their names, lists of one number per axis, declared fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.convention import axis_name, setting
from cnncalc.arithmetic.taps import SAME_PLACE, sliding, throughout
from cnncalc.arithmetic.term import Term
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.argument_meaning import known_words, layout_of, meaning
from cnncalc.layers.base import REGISTRY, Layer, Weight
from cnncalc.layers.keeping import NOTHING, Keeps, KeptArray
from cnncalc.layers.kernel_depth import meant_axes
from cnncalc.layers.listed_axes import place, places
from cnncalc.layers.spelling import normal
from cnncalc.layers.traced_fields import as_terms
from tests.layers.layer_making import make
from tests.together import for_each

HWC, CHW = setting("formula"), setting("formula", "CHW")


class Titled(Layer):
    """A layer without fields. FLOPs: one per element. It has no name, and is not registered.

    The title is the first line.
    """


class Bare(Layer):
    pass


def test_fields_of_a_type() -> None:
    """Required fields come first and are None until they are given; only given ones are values."""

    class Plain(Layer):
        wide = declare.count("n", default=3, symbol="U")
        steps = declare.per_axis("n", default=1, symbol="S")
        needed = declare.count("n")

    assert list(Plain.fields) == ["needed", "wide", "steps"]
    layer = Plain(HWC, needed=5, steps=(2, 7))
    assert (layer.needed, layer.wide, Plain(HWC).needed) == (5, 3, None)
    assert layer.values() == {"needed": 5, "steps": (2, 7)}
    assert list(layer.by_symbol()) == ["U", "S"]
    assert str(layer) == "(needed=5, steps=2x7)"
    traced: Any = layer.traced(2)
    assert [(step.symbol, step.axis) for step in traced.steps] == [("S", "h"), ("S", "w")]


def test_positions_of_a_window() -> None:
    """Without a rule of its own, a layer reads what its windows cover."""

    class Sliding(Layer):
        def windows(self, *shapes: Any) -> tuple[AxisWindow, ...]:
            return (AxisWindow(3, 2, 1, 0, 5),)

    assert Sliding(HWC).reach((10, 3)) == (sliding(AxisWindow(3, 2, 1, 0, 5), border="zeros"),)


def test_a_base_class_is_not_registered() -> None:
    assert "" not in REGISTRY
    assert Titled not in REGISTRY.values()


def test_what_a_docstring_gives() -> None:
    assert Titled.title() == "A layer without fields. FLOPs: one per element. It has no name, and is not registered."
    assert Titled.work_terms() == "one per element"
    assert (Bare.title(), Bare.work_terms()) == ("", "")
    assert type(make("glu")).work_terms() == "two per output, for the sigmoid and the product"


def test_the_role_of_an_activation() -> None:
    """A type that may be an activation has that role unless it names another."""
    made: Any = {"usable_as_activation": True}
    assert type("Usable", (Layer,), made).role == "activation"  # type: ignore[attr-defined]
    assert type("Other", (Layer,), made | {"role": "softmax"}).role == "softmax"  # type: ignore[attr-defined]
    assert Titled.role == ""


def test_what_a_layer_does_without_rules() -> None:
    layer, x = Bare(HWC), (5, 7, 3)
    assert (layer.macs(x, x), layer.elementwise(x, x), layer.multiplicity(x), layer.stacked()) == (0, 0, 1, 1)
    assert (layer.runs_in_place(), layer.steps_first(), layer.features_last()) == (False, False, False)
    assert (layer.windows(x), layer.reach(x), list(layer.weights(x, x))) == ("pointwise", "pointwise", [])
    assert layer.kept(x, x) == Keeps("all", output=True)


def test_weights_as_buffers() -> None:
    """`trainable: buffer` makes fixed numbers of all weights, also of a copy under another convention."""

    class Table(Layer):
        def weights(self, *shapes: Any) -> Iterator[Weight]:
            yield Weight("table", (3, 5))

    fixed = Table(HWC).as_buffers()
    assert [weight.statistic for weight in Table(HWC).weights()] == [False]
    assert [weight.statistic for weight in fixed.weights()] == [True]
    assert [weight.statistic for weight in fixed.under(CHW).weights()] == [True]
    assert [weight.statistic for weight in Table(HWC).under(CHW).weights()] == [False]
    assert fixed.traced(2).buffers_only
    assert not Table(HWC).traced(2).buffers_only


def test_sizes_of_a_weight() -> None:
    """A 3x5 kernel at 2x7 positions: 15 numbers, 210 without sharing."""
    weight = Weight("kernel", (3, 5), (2, 7))
    assert (weight.size, weight.unshared_size, weight.statistic) == (15, 210, False)
    assert Weight("scale", ()).unshared_size == 1


@for_each(
    ("name", "shape", "order", "outputs"),
    [
        # PyTorch: outputs, inputs, then the spatial axes; arrays that are not multiplied by the input stay
        ("kernel", (2, 3, 5, 7), (3, 2, 0, 1), (3,)), ("recurrent kernel", (5, 7), (1, 0), (1,)),
        ("projection", (5, 7), (1, 0), (1,)), ("kernel", (5,), (0,), ()), ("bias", (7,), (0,), ()),
        ("table", (5, 7), (0, 1), ()), ("recurrent_scale", (5, 7), (1, 0), (1,)),
    ],
)  # fmt: skip
def test_orders_of_a_weight(name: str, shape: tuple[int, ...], order: tuple[int, ...], outputs: object) -> None:
    weight = Weight(name, shape)
    assert (Bare(HWC).channels_first(weight), Bare(HWC).output_axes(weight)) == (order, outputs)
    assert Bare(HWC).output_axes(weight._replace(statistic=True)) == ()


def test_values_along_the_channels() -> None:
    x = np.zeros((2, 3, 5, 7))
    assert Bare(HWC).along_channels(np.arange(7), x).shape == (7,)
    assert Bare(CHW).along_channels(np.arange(3), x).shape == (3, 1, 1)


@for_each(
    ("layout", "axis", "shape", "index"),
    [
        ("HWC", "height", (5, 7, 3), 0), ("HWC", "width", (5, 7, 3), 1), ("HWC", "channels", (5, 7, 3), 2),
        ("CHW", "channels", (3, 5, 7), 0), ("CHW", "width", (3, 5, 7), 2), ("HWC", "depth", (2, 5, 7, 3), 0),
        ("HWC", "length", (11, 3), 0), ("HWC", "channels", (3,), 0), ("HWC", "axis 4", (2, 2, 2, 2, 3), 3),
        ("HWC", 1, (5, 7, 3), 0), ("HWC", 3, (5, 7, 3), 2), ("HWC", -1, (5, 7, 3), 2), ("HWC", -3, (5, 7, 3), 0),
        ("CHW", 1, (3, 5, 7), 0), ("CHW", 2, (3, 5, 7), 1),
    ],
)  # fmt: skip
def test_index_of_an_axis(layout: str, axis: str | int, shape: tuple[int, ...], index: int) -> None:
    assert Bare(setting("formula", layout)).axis_index(axis, shape) == index


@for_each(
    ("axis", "shape", "message", "hint"),
    [
        (4, (5, 7, 3), "5x7x3 has no axis 4", "name one of height, width, channels, or count from 1 to 3 without"),
        (-4, (5, 7, 3), "5x7x3 has no axis -4", "count from 1 to 3"),
        (0, (5, 7, 3), "5x7x3 has no axis 0", "from 1"),
        ("depth", (5, 7, 3), "5x7x3 has no axis depth", "height, width"),
        ("channels", (), "a scalar has no axes", "unsqueeze 1 gives it one"),
        ("height", (2, 2, 2, 2, 3), "2x2x2x2x3 has no axis height", "axis 1, axis 2, axis 3, axis 4, channels"),
    ],
)
def test_missing_axes(axis: str | int, shape: tuple[int, ...], message: str, hint: str) -> None:
    with pytest.raises(Refusal) as refusal:
        Bare(HWC).axis_index(axis, shape)
    assert refusal.value.message == message
    assert hint in refusal.value.hint


def test_names_of_axes() -> None:
    assert Bare(HWC).axis_names(0) == ()
    assert Bare(CHW).axis_names(3) == ("channels", "height", "width")
    assert [axis_name(2, place) for place in (0, 1, 2)] == ["height", "width", "2"]
    assert axis_name(5, 3) == "3"


@for_each(
    ("value", "shape", "expected"),
    [(5, (9, 9, 3), (5, 5)), (5, (9, 3), (5,)), ((3, 5), (9, 9, 3), (3, 5)), ((3,), (9, 3), (3,)), (5, (3,), ())],
)
def test_one_number_per_axis(value: Any, shape: tuple[int, ...], expected: object) -> None:
    assert Bare(HWC).axes(value, shape, "stride") == expected


def test_numbers_of_batch_and_channels() -> None:
    """TensorFlow and Caffe list a 1 for the batch and the channels, too."""
    assert Bare(HWC).axes((1, 2, 3, 1), (9, 9, 3), "stride") == (2, 3)
    assert Bare(CHW).axes((1, 1, 2, 3), (3, 9, 9), "stride") == (2, 3)
    with pytest.raises(Refusal, match="4 values for an input with 2 spatial axes"):
        Bare(HWC).axes((1, 2, 3, 2), (9, 9, 3), "stride")


@for_each(
    ("value", "shape", "field", "message", "hint"),
    [
        ((3, 5), (9, 3), "stride", "2 values for an input with 1 spatial axis", "give one number, or a list of 1"),
        ((3, 5, 3), (9, 9, 3), "stride",
         "3 values for an input with 2 spatial axes", "give one number, or a list of 2"),
        ((5,), (9, 9, 3), "kernel", "1 values for an input with 2 spatial axes", "give one number, or a list of 2"),
        ((7, 5, 3), (9, 9, 3), "kernel", "3 values for an input with 2 spatial axes",
         "write 7x5: a kernel has only spatial axes; its depth is implied"),
    ],
)  # fmt: skip
def test_too_many_numbers(value: Any, shape: tuple[int, ...], field: str, message: str, hint: str) -> None:
    """A kernel with the depth of its input is a usual mistake; a stride with three numbers is another."""
    with pytest.raises(Refusal) as refusal:
        Bare(HWC).axes(value, shape, field)
    assert (refusal.value.message, refusal.value.hint, refusal.value.field) == (message, hint, field)


@for_each(
    ("values", "rank", "depth", "sides"),
    [
        # the depth last, with the filters after it, or first
        ((7, 5, 3), 2, 3, "7x5"), ((7, 5, 3, 16), 2, 3, "7x5"), ((3, 7, 5), 2, 3, "7x5"), ((3, 7, 5, 16), 2, 3, "7x5"),
        ((3, 7, 3), 2, 3, "3x7"), ((7, 5, 4), 2, 3, "7x5"), ((5, 3), 1, 3, "5"), ((3, 5), 1, 3, "5"),
        ((7, 5), 1, 3, ""), ((7,), 2, 3, ""), ((7, 5, 3), 2, None, ""), ((3, 3), 1, 3, "3"),
    ],
)  # fmt: skip
def test_kernels_with_a_depth(values: tuple[int, ...], rank: int, depth: int | None, sides: str) -> None:
    written = f"write {sides}: a kernel has only spatial axes; its depth is implied"
    assert meant_axes(values, rank, depth) == (written if sides else f"give one number, or a list of {rank}")


def test_spatial_axes_are_needed() -> None:
    """From one to three of them, beside the channels."""
    for rank in (2, 3, 4):
        Bare(HWC).require_spatial((7,) * rank)
    for rank, hint in [(1, "reshape it first"), (5, "")]:
        with pytest.raises(Refusal, match="needs an input with 1 to 3 spatial axes") as refusal:
            Bare(HWC).require_spatial((7,) * rank)
        assert refusal.value.hint == hint


def test_taps_along_one_axis() -> None:
    taps = throughout(7)
    assert Bare(HWC).placed((5, 7, 3), 1, taps) == (SAME_PLACE, taps)
    assert Bare(CHW).placed((3, 5, 7), 1, taps) == (taps, SAME_PLACE)
    assert Bare(HWC).placed((5, 7, 3), 2, taps) == Bare(CHW).placed((3, 5, 7), 0, taps) == "pointwise"


@for_each(
    ("size", "inputs", "hwc", "chw"),
    [
        ("channels", [(5, 7, 3)], 3, 5), ("features", [(5, 7, 3)], 3, 3),
        ("second channels", [(5, 7, 3), (11, 13, 2)], 2, 11), ("second features", [(5, 7), (11, 13), (2, 3)], 13, 13),
        ("third features", [(5, 7), (11, 13), (2, 3), (17, 19)], 3, 3), ("third features", [(5, 7), (11, 13)], 13, 13),
        ("second channels", [(5, 7, 3)], 3, 5), ("channels", [(5, 7, 3), (11, 13, 2)], 3, 5),
    ],
)  # fmt: skip
def test_sizes_that_an_argument_states(size: str, inputs: list[tuple[int, ...]], hwc: int, chw: int) -> None:
    assert (Bare(HWC).arriving(size, *inputs), Bare(CHW).arriving(size, *inputs)) == (hwc, chw)


@for_each(
    ("word", "layout"),
    [
        ("channels_first", "CHW"), ("th", "CHW"), ("NCHW", "CHW"), ("ncw", "CHW"), ("NCDHW", "CHW"),
        ("channels_last", "HWC"), ("tf", "HWC"), ("NHWC", "HWC"), ("nwc", "HWC"), ("nc", "HWC"),
        ("rows", ""), ("n", ""), ("chw", ""), ("", ""), (5, ""), (None, ""),
    ],
)  # fmt: skip
def test_words_for_layouts(word: object, layout: str) -> None:
    """Keras's words, the older ones of its backends, and TensorFlow's letters with N for the batch."""
    assert layout_of(word) == layout


def test_meanings_of_arguments() -> None:
    conv = type(make("conv", filters=1, kernel=1))
    stated = {each.word: each.states for each in known_words(conv)}
    assert (stated["in_channels"], stated["dtype"], stated["data_format"]) == ("channels", "", "")
    assert [meaning(conv, word) is None for word in ("bias_filler", "DataFormat", "colour")] == [False, False, True]


@for_each(
    ("axis", "rank", "index"), [(1, 3, 0), (3, 3, 2), (-1, 3, 2), (-3, 3, 0), (2, 2, 1)],
)  # fmt: skip
def test_place_of_a_listed_axis(axis: int, rank: int, index: int) -> None:
    assert place(axis, rank, (5, 7, 3)) == index


@for_each(
    ("axis", "message"),
    [
        (0, "0 is the batch axis, which cannot be changed"), (-4, "-4 is the batch axis, which cannot be changed"),
        (4, "5x7x3 has no axis 4"), (-5, "5x7x3 has no axis -5"),
    ],
)  # fmt: skip
def test_listed_axes_that_are_missing(axis: int, message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        place(axis, 3, (5, 7, 3))
    assert (refusal.value.message, refusal.value.field, refusal.value.code) == (message, "axis", "E303")


def test_listed_axes_that_repeat() -> None:
    """An axis counted from either end is the same; it is an error unless the layer allows it."""
    assert places((3, -3), 3, (5, 7, 3)) == (2, 0)
    with pytest.raises(Refusal, match="an axis is named twice: 1, -3"):
        places((1, -3), 3, (5, 7, 3))
    assert places((3, 1, -3), 3, (5, 7, 3), repeated=True) == (2, 0)


def axis_of(index: int) -> str:
    return "hw"[index]


def test_fields_as_terms() -> None:
    """Whole numbers of a field with a symbol become leaves; (before, after) are P₀ and P₁ unless they are equal."""
    assert [as_terms(value, "S", axis_of) for value in (True, "same", 0.5, None)] == [True, "same", 0.5, None]
    assert not isinstance(as_terms(True, "S", axis_of), Term)
    assert not isinstance(as_terms(3, "", axis_of), Term)
    found = as_terms(3, "S", axis_of)
    assert (found, found.symbol, found.axis) == (3, "S", "")
    listed = as_terms((3, None, (1, 2))[:2], "P", axis_of)
    assert (listed, listed[0].symbol, listed[0].axis) == ((3, None), "P", "h")
    (first, second), (third, fourth) = as_terms(((1, 2), (5, 5)), "P", axis_of)
    assert [each.symbol for each in (first, second, third, fourth)] == ["P₀", "P₁", "P", "P"]
    assert [each.axis for each in (first, second, third, fourth)] == ["h", "h", "w", "w"]


@for_each(
    ("name", "spelling"),
    [
        ("nn.Conv2d", "conv2d"), ("torch.nn.Conv_2d", "conv2d"), ("keras.layers.Max-Pooling", "maxpooling"),
        ("ReLU", "relu"), ("tf.nn.relu6", "relu6"),
    ],
)  # fmt: skip
def test_spellings(name: str, spelling: str) -> None:
    """Without the modules before the last dot, case, underscores and hyphens."""
    assert normal(name) == spelling


def test_what_is_kept_by_name() -> None:
    """The shorthands that types declare, as PyTorch's functions save tensors; indices are int64, statistics float32."""
    assert Keeps("", output=False, arrays=(), sharing="", order=(), folded_axes=0) == keeping.NOTHING
    assert not keeping.NOTHING.needs_training
    assert Keeps("all", output=False) == keeping.INPUTS
    assert Keeps("", output=True) == keeping.OUTPUT
    assert keeping.BOTH == keeping.ASSUMED == Keeps("all", output=True)
    assert (keeping.OTHERS.inputs, keeping.TRAINED.inputs) == ("others", "trained")
    assert [kept.sharing for kept in (keeping.VIEW, keeping.REORDERED, keeping.RESHAPED)] == [
        "view", "reordered", "reshaped",
    ]  # fmt: skip
    assert keeping.indices(5) == KeptArray("indices", 5, 8, shared=False)
    assert keeping.statistics(5, "mean", "rstd") == (KeptArray("mean", 5, 4), KeptArray("rstd", 5, 4))
    assert keeping.statistics(5, "mean", shared=True) == (KeptArray("mean", 5, 4, shared=True),)
    assert KeptArray("mask", 5) == KeptArray("mask", 5, 0, shared=False)


def test_the_mask_of_a_dropout() -> None:
    assert keeping.mask(0.0, 5) == NOTHING
    assert keeping.mask(0.5, 5) == Keeps(arrays=(KeptArray("mask", 5),))
