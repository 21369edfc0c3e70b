"""One layer computed by hand: the numbers that a student puts into the formulas, which mistakes can change.

A worksheet contains them for one layer with given inputs. Unchanged, it gives the layer's own output, parameters and
MACs; a mistake gives a copy with a changed number. Layers without such formulas have no worksheet: they are wrong only
because of earlier mistakes.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import NamedTuple, Protocol

from cnncalc.arithmetic import transposed, window
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import ceil_div
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer
from cnncalc.layers.convolution.conv import Conv
from cnncalc.layers.convolution.conv_transpose import ConvTranspose
from cnncalc.layers.convolution.depthwise_conv import DepthwiseConv
from cnncalc.layers.convolution.separable_conv import SeparableConv
from cnncalc.layers.dense.dense import Dense
from cnncalc.layers.normalization.batch_norm import BatchNorm
from cnncalc.layers.pooling._pool import Pool
from cnncalc.layers.recurrent._recurrent import Recurrent
from cnncalc.layers.reshaping._padding import PaddingLayer
from cnncalc.layers.reshaping.flatten import Flatten
from cnncalc.layers.window_layer import WindowLayer


class WindowAxis(NamedTuple):
    """A window along one axis: input, kernel, stride, dilation, padding on both sides, and the rule.

    `extent` is the dilated kernel, which is subtracted (`sign` −1), and `ends` the + 1 of the formula. `rule` is a way
    of rounding, "same" for ⌈W/S⌉, "transposed", or "padded" for W + P₀ + P₁ without a window.
    """

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    extent: int
    rule: str
    sign: int = -1
    ends: int = 1
    added: int = 0
    """The output padding of a transposed convolution."""

    def output(self) -> int:
        """The output's size. Raises Refusal if there is none."""
        if self.rule == "same":
            size = ceil_div(self.size, self.stride)
        elif self.rule == "padded":
            size = self.size + self.before + self.after
        elif self.rule == "transposed":
            size = transposed.explicit(self.size, self.extent, self.stride, self.before, self.after, self.added)
        elif self.rule == "term by term":
            size = self.size // self.stride - (self.extent - self.before - self.after) // self.stride + self.ends
        else:
            extent = -self.sign * self.extent
            found = window.explicit(self.size, extent, self.stride, self.before, self.after, self.rule)
            size = found.output - 1 + self.ends
        if size < 1:
            raise Refusal("the output is empty")
        return size

    def quotient(self) -> Fraction:
        """The formula's value before rounding, or the size itself if the rule does not round."""
        if self.rule in ("same", "padded", "transposed"):
            return Fraction(self.size, self.stride) if self.rule == "same" else Fraction(self.output())
        return Fraction(self.size - self.extent + self.before + self.after, self.stride) + 1


class Worksheet(NamedTuple):
    """The numbers from which one layer's metrics are computed.

    Parameters are `before + area · depth · filters + biases`, per position without sharing; the MACs of a position are
    `before + area · depth · filters`. Layers without a kernel have an area of 0.
    """

    layer: Layer
    given: Shape
    axes: tuple[WindowAxis, ...] = ()
    channels: int = 0
    """The output's depth."""
    area: int = 0
    depth: int = 0
    filters: int = 0
    biases: int = 0
    before: int = 0
    """Weights of the preceding depthwise kernel in a separable convolution."""
    extra: int = 0
    """Other learned numbers, such as those added by a mistake."""
    statistics: int = 0
    """The counted statistics of a batch normalization."""
    repeated: int = 1
    """Gates of a recurrent layer."""
    at: int | None = None
    """Positions of the kernel, if they differ from the output's."""
    every: int | None = None
    """Positions with separate weights without sharing, if they differ from the output's."""
    shared: bool = True
    per_mac: int = 2
    bias_work: bool = False
    """Whether biases are counted as multiply–accumulates."""
    shape: Shape | None = None
    """The output, if it does not follow from the axes."""

    # --- the figures ---------------------------------------------------------------------------------------------

    def output(self) -> Shape:
        if self.shape is not None:
            return self.shape
        return self.layer.volume(tuple(axis.output() for axis in self.axes), self.channels)

    def positions(self) -> int:
        """The number of positions of the kernel."""
        return self.at if self.at is not None else prod(axis.output() for axis in self.axes)

    def copies(self) -> int:
        """The number of copies of the weights without sharing."""
        return self.every if self.every is not None else self.positions()

    def params(self) -> int:
        return self._once() if self.shared else self._once() * self.copies()

    def unshared(self) -> int:
        return self._once() * self.copies() if self.shared else self._once()

    def _once(self) -> int:
        weights = self.before + self.repeated * (self.area * self.depth * self.filters + self.biases)
        return weights + self.extra + self.statistics

    def macs(self) -> int:
        own = self.positions() * (self.before + self.repeated * self.area * self.depth * self.filters)
        return own + (self.biases * self.positions() if self.bias_work else 0)

    # --- changing it -----------------------------------------------------------------------------------------------

    def along(self, change: Callable[[WindowAxis], WindowAxis]) -> Worksheet | None:
        """A copy with every axis changed; None if that has no effect."""
        return self.but(axes=tuple(map(change, self.axes)))

    def but(self, **changed: object) -> Worksheet | None:
        """A copy with these numbers changed; None if they are the same."""
        new = self._replace(**changed)  # type: ignore[arg-type]
        return None if new == self else new


def sheet(layer: Layer, inputs: tuple[Shape, ...]) -> Worksheet | None:
    """The worksheet of a layer, or None if it has none. Raises Refusal if the layer does."""
    for kind, make in _SHEETS:
        if isinstance(layer, kind) and len(inputs) == 1:
            made = make(layer, inputs[0])
            return made if made and made.output() == layer.shape(*inputs) else None
    return None


class _Sliding(Protocol):
    bias: bool


def _axes(layer: WindowLayer, x: Shape) -> tuple[WindowAxis, ...]:
    rows = zip(
        layer.spatial(x), layer.kernels(x), layer.strides(x), layer.dilations(x), layer.windows(x), layer.paddings(x),
        strict=True,
    )  # fmt: skip
    return tuple(
        WindowAxis(
            W, F, S, D, seen.before, seen.after, seen.extent,
            "same" if isinstance(side, str) and side.startswith("same") else layer.rounding_rule(),
        )
        for W, F, S, D, seen, side in rows
    )  # fmt: skip


def _conv(layer: Layer, x: Shape) -> Worksheet:
    assert isinstance(layer, Conv)
    layer.shape(x)
    axes, biases = _axes(layer, x), layer.filters if layer.bias else 0
    return Worksheet(
        layer, x, axes, layer.filters, prod(layer.kernels(x)), layer.channels(x) // layer.groups, layer.filters, biases
    )


def _depthwise(layer: Layer, x: Shape) -> Worksheet:
    assert isinstance(layer, DepthwiseConv)
    filters = layer.channels(x) * layer.multiplier
    biases = filters if layer.bias else 0
    return Worksheet(layer, x, _axes(layer, x), filters, prod(layer.kernels(x)), 1, filters, biases)


def _separable(layer: Layer, x: Shape) -> Worksheet:
    assert isinstance(layer, SeparableConv)
    layer.shape(x)
    between = layer.channels(x) * layer.multiplier
    biases, before = layer.filters if layer.bias else 0, prod(layer.kernels(x)) * between
    return Worksheet(layer, x, _axes(layer, x), layer.filters, 1, between, layer.filters, biases, before)


def _padding(layer: Layer, x: Shape) -> Worksheet:
    assert isinstance(layer, PaddingLayer)
    sides = zip(layer.spatial(x), layer.windows(x), strict=True)
    axes = tuple(WindowAxis(W, 1, 1, 1, side.before, side.after, 1, "padded") for W, side in sides)
    return Worksheet(layer, x, axes, layer.channels(layer.shape(x)))


def _pool(layer: Layer, x: Shape) -> Worksheet:
    assert isinstance(layer, Pool)
    return Worksheet(layer, x, _axes(layer, x), layer.channels(x))


def _transposed(layer: Layer, x: Shape) -> Worksheet:
    assert isinstance(layer, ConvTranspose)
    y = layer.shape(x)
    positions = prod(layer.spatial(x))
    kernel = (prod(layer.kernels(x)), layer.channels(x) // layer.groups, layer.filters)
    made = Worksheet(layer, x, (), layer.filters, *kernel, layer.filters if layer.bias else 0, at=positions, shape=y)
    sides = layer.paddings(x)
    if layer.output_size is not None or layer.form != "explicit" or any(isinstance(side, str) for side in sides):
        return made
    rows = zip(
        layer.spatial(x), layer.kernels(x), layer.strides(x), layer.dilations(x), sides, layer.output_paddings(x),
        strict=True,
    )  # fmt: skip
    axes = []
    for W, F, S, D, side, A in rows:
        before, after = side if isinstance(side, tuple) else (int(side), int(side))
        axes.append(WindowAxis(W, F, S, D, before, after, window.dilated(F, D), "transposed", added=A or 0))
    spelt = made._replace(axes=tuple(axes), shape=None)
    return spelt if spelt.output() == y else made


def _dense(layer: Layer, x: Shape) -> Worksheet:
    assert isinstance(layer, Dense)
    y = layer.shape(x)
    positions = prod(y[:-1])
    inputs = prod(x) if positions == 1 else x[-1]
    return Worksheet(
        layer, x, (), layer.units, 1, inputs, layer.units, layer.units if layer.bias else 0, at=positions, shape=y
    )


def _batch_norm(layer: Layer, x: Shape) -> Worksheet:
    assert isinstance(layer, BatchNorm)
    y = layer.shape(x)
    counted = layer.setting.convention.statistics_are_params
    learned = statistics = 0
    for weight in layer.weights(x, y):
        if weight.statistic:
            statistics += weight.size
        else:
            learned += weight.size
    positions = prod(x) // layer.channels(x)
    return Worksheet(
        layer, x, (), layer.channels(x), extra=learned, statistics=statistics if counted else 0, every=positions,
        at=0, shape=y,
    )  # fmt: skip


def _recurrent(layer: Layer, x: Shape) -> Worksheet | None:
    assert isinstance(layer, Recurrent)
    y = layer.shape(x)
    plain = not layer.bidirectional and layer.layers == 1 and layer.hidden() == layer.units
    biases = layer.biases() * layer.units
    depth = x[-1] + layer.units
    made = Worksheet(layer, x, (), layer.units, 1, depth, layer.units, biases, repeated=layer.gates, at=x[0], shape=y)
    learned = sum(weight.size for weight in layer.weights(x, y) if not weight.statistic)
    return made if plain and made.params() == learned and made.macs() == layer.macs(x, y) else None


def _flatten(layer: Layer, x: Shape) -> Worksheet:
    return Worksheet(layer, x, shape=layer.shape(x), at=0)


_SHEETS: tuple[tuple[type[Layer], Callable[[Layer, Shape], Worksheet | None]], ...] = (
    (Conv, _conv), (DepthwiseConv, _depthwise), (SeparableConv, _separable), (Pool, _pool),
    (ConvTranspose, _transposed), (Dense, _dense), (BatchNorm, _batch_norm), (Recurrent, _recurrent),
    (Flatten, _flatten), (PaddingLayer, _padding),
)  # fmt: skip
