"""Mistakes of a program on tensors, each with both numbers, where the arriving one was made, and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.python.tracing import BATCH, Problem, Tracing
from cnncalc.importing.tensors.cuts import mistaken_cuts
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor
from cnncalc.number_text import show_shape

if TYPE_CHECKING:
    from cnncalc.importing.python.torch.operations import TorchCall


def shown(x: Operand) -> str:
    """The sizes of a sample, as reports write them."""
    if isinstance(x, TapeTensor):
        return show_shape(x.sample) or "one number"
    return show_shape(x.dims) if x.dims else "one number"


def maker(tracing: Tracing, x: Operand) -> str:
    """The layer that yields a tensor, with its line: `conv2 (line 12) gives 16x5x5`."""
    if isinstance(x, TapeArray):
        return f"{x.name or 'the array'} has the shape {shown(x)}"
    owner = x.name.rpartition(".")[0] if tracing.layer(x.name) is None else x.name
    layer = tracing.layer(owner)
    if layer is None:
        return f"the input is {shown(x)}"
    place = tracing.places.get(layer.name)
    place = tracing.users_place(place) if place is not None else None
    line = f" ({place.span.source.line_words(place.span.line)})" if place is not None else ""
    before = layer.inputs[0] if layer.inputs else ""
    if layer.type == "flatten" and len(x.sample) == 1 and (shape := shape_of(tracing, before)):
        return f"{show_shape(shape)} flattened is {shown(x)}{line}"
    return f"{layer.name}{line} gives {shown(x)}"


def makers(tracing: Tracing, a: Operand, b: Operand) -> str:
    """The layers that yield two tensors, once if they are the same."""
    return ", ".join(dict.fromkeys((maker(tracing, a), maker(tracing, b))))


def shape_of(tracing: Tracing, name: str) -> tuple[int, ...] | None:
    """The shape of a layer's or an input's output, if it is known."""
    layer = tracing.layer(name)
    if layer is not None:
        return layer.stated_shape
    found = next((each for each in tracing.tape.inputs if each.name == name), None)
    sizes = found.shape if found is not None else None
    return None if sizes is None else tuple(size for size in sizes if size is not None)


def unequal(call: TorchCall, a: Operand, b: Operand) -> None:
    """Two operands of an operator whose sizes do not broadcast."""
    message = f"{call.word}: {shown(a)} and {shown(b)} differ; {makers(call.tracing, a, b)}"
    call.tracing.problem("E308", message, call.bound.place.span, "sizes must match, or be 1")


def unequal_parts(call: TorchCall, values: Sequence[Operand], place: int | None) -> None:
    """Parts of a concatenation or stack that differ at other axes."""
    first = values[0]
    other = next((each for each in values[1:] if _apart(each, place) != _apart(first, place)), first)
    where = "" if place is None else f" elsewhere than at axis {place}"
    message = f"{call.word}: {shown(first)} and {shown(other)} differ{where}; {makers(call.tracing, first, other)}"
    call.tracing.problem("E308", message, call.bound.place.span)


def _apart(x: Operand, place: int | None) -> tuple[int, ...]:
    """The sizes that parts have in common: all but that of the axis along which they are joined."""
    return tuple(size for axis, size in enumerate(x.dims) if axis != place)


def wrong_reshape(call: TorchCall, x: Operand, sizes: Sequence[int]) -> None:
    """A reshape to another number of elements. Raises NotSaid."""
    tensor = call.tape.tensor(x)
    count = prod(tensor.sample)
    asked = prod(size for size in sizes if size not in (-1, BATCH))
    written = ", ".join("batch" if size == BATCH else str(size) for size in sizes)
    message = f"{call.word}({written}) needs {asked} numbers for each sample, but {maker(call.tracing, x)}"
    if len(tensor.sample) > 1:
        message += f", which are {count}"
    hint = f"write {count}" if len(sizes) == 2 and sizes[0] in (-1, BATCH) else ""
    call.tracing.problem("E305", message, call.bound.place_of("shape").span, hint)
    raise NotSaid("a reshape to another number of elements")


def suspect_cut(call: TorchCall, x: Operand, made: TapeTensor) -> None:
    """Note a view that cuts samples into several, `view(-1, n)`: a problem if the model's outputs are parts, too."""
    if made.cut != made.name or not made.cut:
        return
    parts, size = made.sample
    message = (
        f"{call.word}(-1, {size}) makes {parts} samples of each one: {maker(call.tracing, x)}, "
        f"which are {parts * size} numbers, not {size}"
    )
    span = call.bound.place_of("shape").span
    hint = f"write {parts * size}, or give the input whose samples have {size} numbers here"
    call.tracing.suspected[made.cut] = Problem("E305", message, span, hint)


def report_cuts(tracing: Tracing, outputs: Iterable[TapeTensor]) -> None:
    """Report the views that cut samples by mistake."""
    for cut in mistaken_cuts(tracing.tape, outputs):
        tracing.problem(*tracing.suspected[cut.name])


def wrong_product(call: TorchCall, a: Operand, b: Operand) -> None:
    """Matrices whose inner sizes differ."""
    inner = b.dims[-2] if len(b.dims) > 1 else b.dims[-1]
    message = (
        f"{call.word}: the last axis of {shown(a)} has {a.dims[-1]}, and {shown(b)} takes {inner}; "
        f"{makers(call.tracing, a, b)}"
    )
    call.tracing.problem("E308", message, call.bound.place.span)


def check_axis(call: TorchCall, x: Operand, axis: int, size: int, name: str) -> None:
    """Report an axis that differs from what an array takes. Raises NotSaid then."""
    if -len(x.dims) <= axis < len(x.dims) and x.dims[axis] != size:
        message = f"{call.word}: {name} takes {size}, but {maker(call.tracing, x)}"
        call.tracing.problem("E308", message, call.bound.place_of(name).span)
        raise NotSaid("sizes that do not fit")


def wrong_rank(call: TorchCall, x: Operand, axes: int) -> None:
    """An input with too many or too few axes."""
    message = f"{call.word} takes channels and {axes} spatial axes, but {maker(call.tracing, x)}"
    call.tracing.problem("E303", message, call.bound.place.span)
