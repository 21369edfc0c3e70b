"""Tensors as views of the output of one layer: where each element of a reshaped, permuted or cut tensor lies in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.patterns.draft_graph import DraftGraph

Axis = tuple[tuple[int, int], ...]
"""The sizes and strides that make up an axis, the slowest first; none for a size of 1."""


class StridedView(NamedTuple):
    """The elements of a tensor in the output of a layer: that at index 0, and the steps along each axis."""

    base: DraftLayer
    offset: int
    axes: tuple[Axis, ...]
    moves: tuple[DraftLayer, ...] = ()
    """The layers between the base and the tensor."""


def natural(shape: Sequence[int], stride: int = 1) -> tuple[Axis, ...]:
    """The axes of a tensor whose elements lie in order, the last axis with a stride."""
    return tuple(_pair(size, stride * prod(shape[place + 1 :])) for place, size in enumerate(shape))


def view_of(graph: DraftGraph, name: str) -> StridedView | None:
    """A value as a view of the last layer before it that computes anything; None where its elements are not known."""
    moves: list[tuple[DraftLayer, int]] = []
    layer = graph.source(name)
    while layer is not None and layer.type in _MOVES and len(layer.inputs) == 1:
        moves.append((layer, 0 if name == layer.name else int(name.rpartition(".")[2])))
        name = layer.inputs[0]
        layer = graph.source(name)
    if layer is None or layer.stated_shape is None or 0 in layer.stated_shape:
        return None
    found: StridedView | None = StridedView(layer, 0, natural(layer.stated_shape))
    for move, output in reversed(moves):
        found = None if found is None else _MOVES[move.type](found, move, output)
        found = None if found is None else found._replace(moves=(*found.moves, move))
    return found


def is_move(layer: DraftLayer) -> bool:
    """Whether a layer only moves the elements of its input."""
    return layer.type in _MOVES and len(layer.inputs) == 1


def offsets(axes: Sequence[Axis]) -> list[int]:
    """The places of all elements of some axes, from the first one."""
    found = [0]
    for axis in axes:
        for size, stride in axis:
            found = [each + step * stride for each in found for step in range(size)]
    return found


def _pair(size: int, stride: int) -> Axis:
    return ((size, stride),) if size != 1 else ()


def _size(axis: Axis) -> int:
    return prod(size for size, _ in axis)


def joined(pairs: Sequence[tuple[int, int]]) -> Axis:
    """Pairs that lie in order as one."""
    found: list[tuple[int, int]] = []
    for size, stride in pairs:
        if found and found[-1][1] == size * stride:
            found[-1] = (found[-1][0] * size, stride)
        else:
            found.append((size, stride))
    return tuple(found)


def _reshaped(view: StridedView, move: DraftLayer, output: int) -> StridedView | None:
    axes = _regrouped(view.axes, move.stated_shape or ())
    return None if axes is None else view._replace(axes=axes)


def _regrouped(axes: Sequence[Axis], shape: Shape) -> tuple[Axis, ...] | None:
    """The same elements in the same order as axes of other sizes; None where an axis cannot be divided."""
    rest = [pair for axis in axes for pair in axis][::-1]
    found = []
    for size in shape:
        taken: list[tuple[int, int]] = []
        needed = size
        while needed > 1:
            if not rest:
                return None
            length, stride = rest.pop()
            if needed % length == 0:
                taken.append((length, stride))
                needed //= length
            elif length % needed == 0:
                taken.append((needed, stride * (length // needed)))
                rest.append((length // needed, stride))
                needed = 1
            else:
                return None
        found.append(joined(taken))
    return None if rest else tuple(found)


def _permuted(view: StridedView, move: DraftLayer, output: int) -> StridedView | None:
    order = move.arguments.get("order")
    if not isinstance(order, list) or sorted(order) != list(range(1, len(view.axes) + 1)):
        return None
    return view._replace(axes=tuple(view.axes[place - 1] for place in order))


def _picked(view: StridedView, move: DraftLayer, output: int) -> StridedView | None:
    """One position of an axis, which is removed."""
    index, axis = move.arguments.get("indices"), move.arguments.get("axis", 1)
    if not isinstance(index, int) or not isinstance(axis, int):
        return None
    part = _part(view, axis, index, 1)
    return part and part._replace(axes=part.axes[: axis - 1] + part.axes[axis:])


def _sliced(view: StridedView, move: DraftLayer, output: int) -> StridedView | None:
    start, stop, axis = (move.arguments.get(key) for key in ("start", "stop", "axis"))
    if "step" in move.arguments or not (isinstance(start, int) and isinstance(stop, int) and isinstance(axis, int)):
        return None
    return _part(view, axis, start, stop - start)


def _split(view: StridedView, move: DraftLayer, output: int) -> StridedView | None:
    parts, axis = move.arguments.get("parts"), move.arguments.get("axis", 1)
    if not isinstance(axis, int) or not 1 <= axis <= len(view.axes):
        return None
    sizes: Any = [_size(view.axes[axis - 1]) // parts] * parts if isinstance(parts, int) and parts else parts
    if not isinstance(sizes, list) or output >= len(sizes):
        return None
    return _part(view, axis, sum(sizes[:output]), sizes[output])


def _part(view: StridedView, axis: int, start: int, size: int) -> StridedView | None:
    """A part of an axis whose elements are equally far apart; of another one, a part of its slowest steps."""
    if not 1 <= axis <= len(view.axes) or size < 1:
        return None
    own = view.axes[axis - 1]
    inner = prod(length for length, _ in own[1:])
    if not own or start % inner or size % inner or not 0 <= start <= _size(own) - size:
        return view if size == _size(own) else None
    stride = own[0][1]
    part = (*_pair(size // inner, stride), *own[1:])
    offset = view.offset + start // inner * stride
    return view._replace(offset=offset, axes=(*view.axes[: axis - 1], part, *view.axes[axis:]))


_MOVES: Mapping[str, Callable[[StridedView, DraftLayer, int], StridedView | None]] = MappingProxyType({
    "reshape": _reshaped, "flatten": _reshaped, "squeeze": _reshaped, "unsqueeze": _reshaped, "permute": _permuted,
    "gather": _picked, "slice": _sliced, "split": _split,
})  # fmt: skip
"""By the layer type: the view after such a layer."""
