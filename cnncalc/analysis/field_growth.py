"""The growth of the receptive field by a layer: r ← r + (F′ − 1)·j, j ← j·S, with its working.

After a transposed convolution or an upsampling, whose outputs are 1/S of an input apart, j ← j/S.
"""

from typing import NamedTuple

from cnncalc.analysis.derivation import Derivation, derive_size
from cnncalc.analysis.following import AxisView
from cnncalc.analysis.receptive_field import View
from cnncalc.analysis.trace import LayerTrace, window_axis
from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.convention import axis_name
from cnncalc.arithmetic.term import Term, exact_div
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.graph.model import Graph, Node
from cnncalc.number_text import show_shape

FIELD_SOURCE = "Araujo, Norris & Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill 2019"

FieldAndJump = tuple[tuple[int, int], ...]
"""Per axis, the receptive field r of a position of a layer's input, and its distance j to the neighbouring position."""


class Growth(NamedTuple):
    """The receptive field and the jump after a layer, for axes with equal values."""

    axes: tuple[str, ...]
    field: Derivation
    jump: Derivation


def seen_by(node: Node, views: list[View | None]) -> FieldAndJump:
    """The receptive field and jump of a node's single input; empty if its positions differ or it is undefined."""
    view = views[node.inputs[0]] if len(node.inputs) == 1 else None
    if view is None or view.whole is not None or view.axes is None:
        return ()
    plain = [axis for axis in view.axes if isinstance(axis, AxisView) and axis.jump > 0]
    return tuple((axis.size, axis.jump) for axis in plain) if len(plain) == len(view.axes) else ()


def agrees(grown: tuple[Growth, ...], view: View | None) -> bool:
    """Whether the closed form gives the largest interval; for a dilated transposed convolution it may be too large."""
    found = sorted(step.field.value for step in grown for _ in step.axes)
    return view is None or view.axes is None or not grown or found == sorted(axis.size for axis in view.axes)


def described(graph: Graph, node: Node, view: View | None) -> tuple[str, ...]:
    """Sentences about a field without a closed form: its smallest and largest interval, or why it is undefined."""
    if view is None:
        return ("undefined: the branches see different inputs",)
    if view.whole is not None:
        assert node.layer is not None
        is_pointwise = node.layer.windows(*graph.inputs_of(node)) == "pointwise"
        return () if is_pointwise or not view.whole else (f"the whole input, {show_shape(view.whole, times='×')}",)
    if view.axes == ():
        return ()
    if view.axes is None:
        return (f"undefined from {graph.nodes[view.cause].name} on: {view.reason}",)
    found: dict[tuple[int, int], list[str]] = {}
    for index, axis in enumerate(view.axes):
        if axis.size != axis.smallest:
            found.setdefault((axis.smallest, axis.size), []).append(axis_name(len(view.axes), index))
    return tuple(
        f"along {' and '.join(axes)}, interior positions see {smallest} to {largest} input positions; "
        f"the field is the largest, {largest}"
        for (smallest, largest), axes in found.items()
    )


def symbols_of(seen: FieldAndJump) -> list[Term]:
    """The r and j of every axis."""
    return [term for size, jump in seen for term in (Term.leaf(size, "r"), Term.leaf(jump, "j"))]


def _reach(extent: int) -> int:
    """F′ − 1; of a dilated kernel's D·(F − 1) + 1, the D·(F − 1)."""
    plain = isinstance(extent, Term) and extent.operator == "+" and type(extent.parts[1]) is int
    return extent.parts[0] if plain and extent.parts[1] == 1 else extent - 1  # type: ignore[attr-defined]


def _divided(jump: int, scale: int) -> Derivation:
    """The jump divided by the scale; a fraction, such as 1/2, is kept (its `value` is then the whole part)."""
    quotient = exact_div(jump, scale)
    if jump % scale == 0:
        return derive_size(quotient)
    node = algebra.plain(algebra.formula(quotient))
    return Derivation(node.value, node, (algebra.substituted(node),))


def growth(traced: LayerTrace, windows: object, seen: FieldAndJump) -> tuple[Growth, ...]:
    """The growth along every axis, with equal axes combined; empty for a layer that works position by position.

    `windows` are those of the traced layer on its inputs.
    """
    if not isinstance(windows, tuple) or len(windows) != len(seen):
        return ()
    if all(window.extent == window.stride == window.upsample == 1 and type(window.extent) is int for window in windows):
        return ()  # no kernel: the layer works position by position
    found: dict[tuple[Derivation, Derivation], list[str]] = {}
    known: dict[tuple[object, ...], tuple[Derivation, Derivation]] = {}
    for index, (window, at) in enumerate(zip(windows, seen, strict=True)):
        key = (window, at)  # square windows grow alike along each axis
        if key not in known:
            known[key] = _grown(window, *at)
        found.setdefault(known[key], []).append(window_axis(traced.layer, len(windows), index))
    return tuple(Growth(tuple(axes), *each) for each, axes in found.items())


def _grown(window: AxisWindow, size: int, jump: int) -> tuple[Derivation, Derivation]:
    """The field and the jump after a window."""
    r, j = symbols_of(((size, jump),))
    reach = _reach(window.extent)
    moved = j * window.stride
    field = derive_size(r + reach * j if reach or isinstance(reach, Term) else r)
    return field, _divided(moved, window.upsample) if window.upsample != 1 else derive_size(moved)
