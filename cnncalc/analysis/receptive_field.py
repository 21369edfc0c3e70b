"""Receptive fields: the largest part of the input that one position of a layer's output sees.

Per axis, with r the size, j the distance between neighbouring outputs in input pixels and s the first pixel that output
0 sees: a window of extent F′, stride S and padding P₀ gives s − P₀·j, r + (F′ − 1)·j, j·S. After resizing, a transposed
convolution or misaligned branches, every position's interval is tracked instead, and the field is the largest over the
interior positions: those whose interval is not cut off by a border, of the input or of a crop on the way. If no
position is interior, it is the largest of all, continued beyond the border. Source: Araujo, Norris & Sim, "Computing
Receptive Fields of Convolutional Neural Networks", Distill 2019.
"""

from typing import NamedTuple

from cnncalc.analysis.following import AxisView, FollowedAxis, Follower
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Layer, Sight
from cnncalc.reading.limits import MOST_ELEMENTS


class View(NamedTuple):
    """The part of one input that a tensor sees; with `whole`, all of it.

    `axes` is None if the field is undefined; `reason` explains why, and `cause` is the first such node.
    """

    source: int
    axes: tuple[FollowedAxis, ...] | None
    whole: Shape | None = None
    reason: str = ""
    cause: int = -1
    """The first node whose field is undefined."""

    @property
    def sizes(self) -> tuple[int, ...] | None:
        """The receptive field per axis; None if it is undefined."""
        if self.whole is not None:
            return self.whole or None
        return tuple([axis.size for axis in self.axes]) if self.axes else None

    @property
    def smallest(self) -> tuple[int, ...] | None:
        """The smallest interval of an interior position, per axis."""
        return self.sizes if self.whole is not None or not self.axes else tuple(axis.smallest for axis in self.axes)

    @property
    def strides(self) -> tuple[int | float, ...] | None:
        """The effective stride per axis; None for the whole input, or if it is undefined."""
        if self.whole is not None or not self.axes:
            return None
        strides = []
        for axis in self.axes:
            jump = axis.jump
            if not jump:
                return None
            strides.append(abs(jump if type(jump) is int else int(jump) if jump == int(jump) else float(jump)))
        return tuple(strides)


NOTHING = View(-1, None, ())
"""The view of a learned array, and of values computed only from such arrays: no input at all."""


def sight_of(layer: Layer, inputs: tuple[Shape, ...]) -> Sight:
    """The windows of a layer's outputs."""
    return layer.windows(*inputs)


def views(graph: Graph) -> list[View | None]:
    """The view of every node; None after a merge of branches from different inputs."""
    spatial = graph.setting.spatial
    follower = Follower()
    seen: list[View | None] = []
    for index, node in enumerate(graph.nodes):
        shape = node.shape or ()
        if node.layer is None:
            seen.append(of_input(index, spatial(shape)))
            continue
        view = seen[node.inputs[0]] if len(node.inputs) == 1 else _merged(graph, node, seen, follower)
        reaches = [graph.use_of(node).reach]
        if node.activation is not None:
            reaches.append(graph.cache.use(node.activation, (shape,)).reach)
        for reach in reaches:
            if view is None or reach == "pointwise":
                continue
            if reach == "whole":
                view = View(view.source, None, spatial(graph.nodes[view.source].shape or ()))
            else:
                view = through(view, reach, follower, spatial(shape))
        if view is not None and view.axes is None and view.whole is None and view.cause < 0:
            view = view._replace(cause=index)
        seen.append(view)
    return seen


def _merged(graph: Graph, node: Node, seen: list[View | None], follower: Follower) -> View | None:
    """The view of a node's inputs together, of which learned arrays see nothing."""
    sources = [each for each in node.inputs if seen[each] is not NOTHING]
    if len(sources) < 2:
        return seen[sources[0]] if sources else NOTHING
    sizes = graph.setting.spatial(graph.nodes[sources[0]].shape or ())
    return unite([seen[source] for source in sources], follower, sizes)


def of_input(source: int, spatial: Shape) -> View:
    """The view of an input, which sees itself."""
    return View(source, tuple(AxisView(0, 1, 1, (0, size)) for size in spatial))


def unite(views: list[View | None], follower: Follower, outputs: Shape) -> View | None:
    """The view of a merge: the union of its branches; None if they see different inputs."""
    first = views[0]
    if first is None:
        return None
    known = [view for view in views if view is not None and view.source == first.source]
    if len(known) < len(views):
        return None
    if any(view.whole is not None for view in known):
        return next(view for view in known if view.whole is not None)
    axes = [view.axes for view in known if view.axes is not None and len(view.axes) == len(outputs)]
    if len(axes) < len(known):
        unknown = next((view for view in known if view.axes is None), None)
        return unknown or View(first.source, None, reason=OTHER_AXES)
    if all(each == axes[0] for each in axes):
        return first
    parts = list(zip(zip(*axes, strict=True), outputs, strict=True))
    if parts and parts[1:] == parts[:-1]:
        return _counted(first.source, [follower.united(*parts[0])] * len(parts))
    return _counted(first.source, [follower.united(*part) for part in parts])


OTHER_AXES = "its positions do not correspond to those of its input"
TOO_MANY = "its positions have too many different intervals to track"
TOO_LARGE = "the numbers are too large"


def through(view: View, reach: tuple[AxisTaps, ...] | None, follower: Follower, outputs: Shape) -> View:
    """The view after a layer that reads its input according to the taps in `reach`."""
    if view.axes is None:
        return view
    if reach is None:
        return View(view.source, None, reason=TOO_MANY)
    if not len(view.axes) == len(reach) == len(outputs):
        return View(view.source, None, reason=OTHER_AXES)
    axes = list(zip(view.axes, reach, outputs, strict=True))
    if axes and axes[1:] == axes[:-1]:
        return _counted(view.source, [follower.through(*axes[0])] * len(axes))
    return _counted(view.source, [follower.through(*axis) for axis in axes])


def _counted(source: int, axes: list[FollowedAxis | None]) -> View:
    known = tuple([axis for axis in axes if axis is not None])
    if len(known) < len(axes):
        return View(source, None, reason=TOO_MANY)
    for axis in known:
        if axis.size >= MOST_ELEMENTS or (axis.jump or 0) >= MOST_ELEMENTS:
            return View(source, None, reason=TOO_LARGE)
    return View(source, known)
