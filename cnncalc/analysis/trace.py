"""A layer's rules run on named numbers, so that the results contain their derivations."""

from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape, axis_name
from cnncalc.arithmetic.term import Term
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer

_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class LayerTrace(NamedTuple):
    """A layer with named numbers, its input shapes, and its output shape in two forms.

    `sizes` are the output's sizes with their derivations; in `output`, each of them is a new symbol (O, Cₒ), for the
    counting rules.
    """

    layer: Layer
    inputs: tuple[Shape, ...]
    sizes: Shape
    output: Shape
    slides: bool
    """Whether W denotes every spatial size of the input rather than the width."""


def trace(layer: Layer, inputs: tuple[Shape, ...]) -> LayerTrace:
    """Run the shape rule of a layer on named sizes.

    For sliding windows, every spatial size of the input is W, as in the textbook formula; otherwise each axis has its
    own symbol. The channels are C if they are unchanged, and Cᵢ if the output's differ. Sizes of several inputs are
    numbered, except those that are equal and unchanged.
    """
    if not inputs:
        return _trace_alone(layer)
    traced = _with_stride(layer, inputs[0]).traced(len(inputs[0]) - 1)
    slides = len(inputs) == 1 and isinstance(layer.windows(*inputs), tuple)
    naming = _Naming(layer, slides, len(inputs) == 1, frozenset())
    steps = layer.steps_first()
    named = naming.inputs(inputs)
    sizes = traced.shape(*named)
    passing = frozenset(index for index, size in enumerate(sizes) if _passes(named, index, size))
    final = naming._replace(
        own_channels=len(inputs) == 1
        and len(sizes) == len(inputs[0])
        and _channel_index(layer, len(inputs[0]), steps=steps) not in passing,
        unnumbered=passing if len(inputs) > 1 else frozenset(),
    )
    if final != naming:
        named = final.inputs(inputs)
        sizes = traced.shape(*named)
    steps = keeps_steps(layer, inputs, sizes)
    return LayerTrace(traced, named, sizes, _name_output(layer, sizes, steps=steps), slides)


def _trace_alone(layer: Layer) -> LayerTrace:
    """Like `trace`, for a layer without an input."""
    traced = layer.traced(len(layer.shape()))
    return LayerTrace(traced, (), traced.shape(), traced.shape(), slides=False)


def keeps_steps(layer: Layer, inputs: tuple[Shape, ...], output: Shape) -> bool:
    """Whether the first axis of the output counts steps, like that of the inputs."""
    return bool(inputs) and layer.steps_first() and len(output) >= max(len(inputs[0]), 2)


def _with_stride(layer: Layer, x: Shape) -> Layer:
    """The layer with the stride implied by its convention, so that it has a symbol in the formulas."""
    if not isinstance(layer, WindowLayer) or "stride" not in layer.fields or layer.values().get("stride"):
        return layer
    strides = layer.strides(x)
    return layer.under(layer.setting, stride=strides[0] if len(set(strides)) == 1 else strides)


def _passes(named: tuple[Shape, ...], index: int, size: int) -> bool:
    """Whether an output size equals that of the inputs, which agree along this axis."""
    if any(len(shape) <= index or shape[index] != size for shape in named):
        return False
    return isinstance(size, Term) and any(_same_leaf(size, shape[index]) for shape in named)


def _same_leaf(one: Term, other: int) -> bool:
    return isinstance(other, Term) and one.operator == "leaf" and (one.symbol, one.axis) == (other.symbol, other.axis)


def _channel_index(layer: Layer, rank: int, *, steps: bool) -> int:
    if layer.setting.layout == "HWC" or layer.features_last():
        return rank - 1
    return 1 if steps and rank > 1 else 0


def axis_names(layer: Layer, rank: int, *, steps: bool) -> tuple[str, ...]:
    """The axis names of a shape for a layer: steps and features of a sequence, else the names of the layout."""
    if not steps and not layer.features_last():
        return layer.axis_names(rank)
    if steps and layer.features_last() and rank == 2:
        return ("steps", "features")
    channel, spatial = _channel_index(layer, rank, steps=steps), rank - 1 - steps
    names = ["steps"] * steps + [axis_name(spatial, index) for index in range(spatial)]
    return (*names[:channel], "channels", *names[channel:])


def window_axis(layer: Layer, windows: int, index: int) -> str:
    """The name of the axis along which the window with this index slides."""
    if not layer.steps_first():
        return axis_name(windows, index)
    return axis_name(windows - 1, index - 1) if index else "steps"


class _Naming(NamedTuple):
    """The naming scheme for the sizes of the inputs."""

    layer: Layer
    slides: bool
    own_channels: bool
    unnumbered: frozenset[int]

    def inputs(self, shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return tuple(self._input(shape, place if len(shapes) > 1 else 0) for place, shape in enumerate(shapes, 1))

    def _input(self, shape: Shape, place: int) -> Shape:
        steps = self.layer.steps_first()
        channel = _channel_index(self.layer, len(shape), steps=steps)
        return tuple(
            Term.leaf(
                size,
                self._symbol(len(shape), index, channel, steps=steps)
                + (str(place).translate(_DIGITS) if place and index not in self.unnumbered else ""),
                _letter(channel, len(shape), index, steps=steps),
            )
            for index, size in enumerate(shape)
        )

    def _symbol(self, rank: int, index: int, channel: int, *, steps: bool) -> str:
        if steps and index == 0:
            return "T"
        if rank == 1 or (steps and rank == 2):
            return "n"
        if index == channel:
            return "Cᵢ" if self.own_channels else "C"
        letter = _letter(channel, rank, index, steps=steps)
        return "W" if self.slides or letter.isdigit() else letter.upper()


def _name_output(layer: Layer, sizes: Shape, *, steps: bool) -> Shape:
    """The output's sizes as symbols; a size that already has one, or is a plain number, is kept."""
    channel = _channel_index(layer, len(sizes), steps=steps)
    return tuple(
        size
        if not isinstance(size, Term) or size.operator == "leaf"
        else Term.leaf(
            size,
            "Cₒ" if index == channel and len(sizes) > 1 else "O",
            _letter(channel, len(sizes), index, steps=steps),
        )
        for index, size in enumerate(sizes)
    )


def _letter(channel: int, rank: int, index: int, *, steps: bool) -> str:
    """The symbol of a spatial axis; empty for the channels and the steps."""
    if index == channel or (steps and index == 0):
        return ""
    return axis_name(rank - 1 - steps, index - steps - (channel < index))[:1]
