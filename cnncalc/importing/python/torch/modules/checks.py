"""Declared sizes of layers against what arrives."""

from __future__ import annotations

from math import prod

from cnncalc.importing.python.torch.modules import ModuleCall
from cnncalc.importing.python.torch.problems import maker, shown
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors.tensor import NotSaid, Operand
from cnncalc.number_text import plural


def check_declared(call: ModuleCall, word: str, x: Operand, axis: int, unit: str) -> bool:
    """Report a declared size that differs from the size of an axis. Raises NotSaid for a missing axis."""
    if not -len(x.dims) <= axis < len(x.dims):
        raise NotSaid("an input with other axes")
    declared, arriving = call.setup.get(word), x.dims[axis]
    if not isinstance(declared, int) or declared == arriving:
        return True
    message = f"{word} is {declared}, but {maker(call.tracing, x)}"
    if shown(x) != str(arriving):
        message += f", which has {plural(arriving, unit)}"
    place = call.setup.bound.place_of(word)
    call.tracing.problem("E308", message, place.span, _way_out(x, axis, declared))
    return False


def _way_out(x: Operand, axis: int, declared: int) -> str:
    """The size to write; or the operation that was forgotten, if the other axes of a sample give the declared size."""
    arriving, axis = x.dims[axis], axis % len(x.dims)
    if x.dims[0] == BATCH and axis == len(x.dims) - 1 > 1 and prod(x.dims[1:]) == declared:
        return f"flatten it before, as in torch.flatten(x, 1), which gives {declared}; or write {arriving}"
    others = [place for place in range(1, len(x.dims)) if place != axis and x.dims[place] == declared]
    if declared == 1 or len(others) != 1:
        return f"write {arriving}"
    order = [place for place in range(len(x.dims)) if place != others[0]]
    order.insert(axis, others[0])
    move = "transpose(1, 2)" if order == [0, 2, 1] else f"permute({', '.join(map(str, order))})"
    return f"move the axis of {declared} there, as in x.{move}; or write {arriving}"


def check_axes(call: ModuleCall, x: Operand, spatial: int) -> None:
    """Report an input with too many or too few axes for images with so many. Raises NotSaid then."""
    is_without_channels = len(x.dims) == spatial + 1 and x.dims[0] == BATCH
    if len(x.dims) in (spatial + 1, spatial + 2) and not is_without_channels:
        return
    word = call.setup.word
    axes = "1 spatial axis" if spatial == 1 else f"{spatial} spatial axes"
    message = f"{word} takes channels and {axes}, but {maker(call.tracing, x)}"
    call.tracing.problem("E303", message, call.given.place.span)
    raise NotSaid("an input with other axes")


def check_normalized_axes(call: ModuleCall, x: Operand) -> None:
    """Report an input with other axes than a batch norm of its rank takes. Raises NotSaid then."""
    rank = call.setup.word[-2]
    if not rank.isdigit() or len(x.dims) == int(rank) + 2 or (rank == "1" and len(x.dims) == 2):
        return
    axes = "at most 1 spatial axis" if rank == "1" else f"{rank} spatial axes"
    message = f"{call.setup.word} takes channels and {axes}, but {maker(call.tracing, x)}"
    call.tracing.problem("E303", message, call.given.place.span)
    raise NotSaid("an input with other axes")
