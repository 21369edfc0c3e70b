"""Receptive fields: how much of the input one position of a layer's output sees.

Per axis, with r the size, j the distance between neighbouring outputs in input pixels and s the first pixel that
output 0 sees: a window of extent F′, stride S and padding P₀ gives s − P₀·j, r + (F′ − 1)·j, j·S. Where branches
meet, the extents are united; where their j differ there is no single answer. Source: Araujo, Norris & Sim,
"Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.graph.model import Graph
from cnncalc.layers.base import Layer, Sight
from cnncalc.spec.limits import MOST_ELEMENTS


class AxisView(NamedTuple):
    """What output 0 sees along one axis of the input: `start`, `size`, and the `jump` to the next output."""

    start: int | Fraction
    size: int | Fraction
    jump: int | Fraction


class View(NamedTuple):
    """What a tensor sees of one input; `whole` sees all.

    `axes` is None where branches of unequal strides met, or where a figure is beyond what anyone writes out.
    """

    source: int
    axes: tuple[AxisView, ...] | None
    whole: Shape | None = None

    @property
    def sizes(self) -> tuple[int, ...] | None:
        """The receptive field per axis, None where there is no single answer."""
        if self.whole is not None:
            return self.whole or None
        return tuple([int(axis.size) for axis in self.axes]) if self.axes else None

    @property
    def strides(self) -> tuple[int | float, ...] | None:
        """The effective stride per axis, None for the whole input or where there is no single answer."""
        if self.whole is not None or not self.axes:
            return None
        return tuple([int(axis.jump) if axis.jump == int(axis.jump) else float(axis.jump) for axis in self.axes])


NOTHING = View(-1, None, ())
"""The view of a learned array, and of what is made of such arrays alone: it sees no input."""


@lru_cache(maxsize=16_384)
def sight_of(layer: Layer, inputs: tuple[Shape, ...]) -> Sight:
    """What an output of a layer sees of its inputs; of equal layers on equal inputs, asked once."""
    return layer.windows(*inputs)


def views(graph: Graph) -> list[View | None]:
    """What every node sees, by node; None where branches from different inputs met."""
    spatial = graph.setting.spatial
    seen: list[View | None] = []
    for index, node in enumerate(graph.nodes):
        if node.layer is None:
            seen.append(of_input(index, spatial(node.shape or ())))
            continue
        sight = sight_of(node.layer, graph.inputs_of(node))
        inputs = node.inputs
        united = seen[inputs[0]] if len(inputs) == 1 else unite([seen[source] for source in inputs])
        if united is None or sight == "pointwise":
            seen.append(united)
        else:
            seen.append(through(united, sight, spatial(graph.nodes[united.source].shape or ())))
    return seen


def of_input(source: int, spatial: Shape) -> View:
    """An input sees itself."""
    return View(source, tuple(AxisView(0, 1, 1) for _ in spatial))


def unite(views: list[View | None]) -> View | None:
    """The view of a merge: the union of its branches'; None where they look at different inputs."""
    views = [view for view in views if view is not NOTHING] or [NOTHING]
    first = views[0]
    if first is None or len(views) == 1:
        return first
    known = [view for view in views if view is not None and view.source == first.source]
    if len(known) < len(views):
        return None
    if any(view.whole is not None for view in known):
        return next(view for view in known if view.whole is not None)
    axes = [view.axes for view in known]
    if any(each is None or len(each) != len(axes[0] or ()) for each in axes):
        return View(first.source, None)
    united = [_unite_axis(list(parts)) for parts in zip(*axes, strict=True)]
    return View(first.source, None if None in united else tuple(united))  # type: ignore[arg-type]


def _unite_axis(parts: list[AxisView]) -> AxisView | None:
    if any(part.jump != parts[0].jump for part in parts):
        return None
    start = min(part.start for part in parts)
    end = max(part.start + part.size for part in parts)
    return AxisView(start, end - start, parts[0].jump)


def through(view: View | None, sight: Sight, input_spatial: Shape) -> View | None:
    """The view behind a layer that looks at its input as `sight` says; `input_spatial` are the model input's axes."""
    if view is None or sight == "pointwise" or view.whole is not None:
        return view
    if sight == "whole":
        return View(view.source, None, input_spatial)
    if view.axes is None or len(view.axes) != len(sight):
        return View(view.source, None)
    axes = tuple(_step(axis, window) for axis, window in zip(view.axes, sight, strict=True))
    is_countable = all(axis.size < MOST_ELEMENTS and axis.jump < MOST_ELEMENTS for axis in axes)
    return View(view.source, axes if is_countable else None)


def _step(axis: AxisView, window: AxisWindow) -> AxisView:
    jump = axis.jump * window.stride
    return AxisView(
        axis.start - window.before * axis.jump,
        axis.size + (window.extent - 1) * axis.jump,
        jump if window.upsample == 1 else Fraction(jump) / window.upsample,
    )
