"""einops on tensors of a program: `rearrange`, `reduce`, `repeat`, `einsum`, `pack`, `unpack`, and its layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.importing.python.torch.einops_pattern import EinopsPattern, pattern_of
from cnncalc.importing.python.torch.modules.base import MODULE
from cnncalc.importing.python.torch.operations import wrapped
from cnncalc.importing.python.torch.tensor import operand
from cnncalc.importing.python.tracing import Tracing, attempt, tracing_of
from cnncalc.importing.tensors import movement, parts, products, reductions
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray
from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_REDUCTIONS: Mapping[str, str] = MappingProxyType({
    "mean": "reduce_mean", "sum": "reduce_sum", "max": "reduce_max", "min": "reduce_min", "prod": "reduce_prod",
})  # fmt: skip


class EinopsCall(NamedTuple):
    """A call: the values without names, and the sizes with names."""

    tape: Tape
    values: list[object]
    sizes: Mapping[str, int]

    def tensor(self) -> Operand:
        """The first value; several tensors are stacked along a new first axis. Raises NotSaid."""
        value = self.values[0]
        if isinstance(value, list | tuple):
            return parts.stack(self.tape, [operand(self.tape, each) for each in value], 0)
        return operand(self.tape, value)

    def text(self, place: int = 1) -> str:
        """A pattern or another word. Raises NotSaid."""
        value = self.values[place] if place < len(self.values) else None
        if not isinstance(value, str):
            raise NotSaid("a pattern that is computed")
        return value


def _is_made(x: Operand) -> bool:
    return isinstance(x, TapeArray) and not x.learned


def _reshaped(tape: Tape, x: Operand, dims: tuple[int, ...]) -> Operand:
    return x if tuple(x.dims) == dims else movement.reshape(tape, x, dims)


def rearrange(call: EinopsCall) -> Operand:
    x = call.tensor()
    return _arranged(call.tape, x, pattern_of(call.text(), x.dims, call.sizes), "")


def reduce(call: EinopsCall) -> Operand:
    x, word = call.tensor(), call.text(2)
    if word not in _REDUCTIONS:
        raise NotSaid("this reduction")
    return _arranged(call.tape, x, pattern_of(call.text(), x.dims, call.sizes), _REDUCTIONS[word])


def _arranged(tape: Tape, x: Operand, pattern: EinopsPattern, reduction: str) -> Operand:
    """The parts in the order of the right side: without those that it lacks, with copies along those that it adds."""
    if _is_made(x):
        return TapeArray(pattern.dims())
    if _only_copied(pattern):
        return movement.expand(tape, x, pattern.dims())
    x = _reshaped(tape, x, tuple(pattern.sizes[name] for name in pattern.parts))
    names, made = pattern.parts, pattern.made
    gone = [place for place, name in enumerate(names) if name not in made]
    if gone and all(pattern.sizes[names[place]] == 1 for place in gone):
        x = movement.squeeze(tape, x, gone)
    elif gone:
        if not reduction:
            raise NotSaid("axes that the right side lacks")
        x = reductions.reduce(tape, reduction, x, gone)
    names = [name for name in names if name in made]
    order = [names.index(name) for name in made if name in names]
    if order != sorted(order):
        x = movement.permute(tape, x, order)
    for place, name in enumerate(made):
        if name not in names:
            x = movement.unsqueeze(tape, x, place)
    x = movement.expand(tape, x, [pattern.sizes[name] for name in made]) if len(made) > len(names) else x
    return _reshaped(tape, x, pattern.dims())


def _only_copied(pattern: EinopsPattern) -> bool:
    """Whether axes of size 1 get copies and nothing else happens: `1 n d -> b n d`."""
    pairs = list(zip(pattern.left, pattern.right, strict=False))
    return len(pattern.left) == len(pattern.right) and all(
        old == new or (old[0].startswith("#") and len(new) == 1 and new[0] not in pattern.parts) for old, new in pairs
    )


def einsum(call: EinopsCall) -> Operand:
    """`einsum(a, b, "batch i d, batch j d -> batch i j")`: axes have words as names."""
    *values, pattern = call.values
    if not isinstance(pattern, str):
        raise NotSaid("an equation that is computed")
    letters: dict[str, str] = {}
    sides = []
    for side in pattern.split("->"):
        terms = [term.split() for term in side.split(",")]
        sides.append(",".join("".join(
            name if name == "..." else letters.setdefault(name, chr(ord("a") + len(letters))) for name in term
        ) for term in terms))  # fmt: skip
    if len(letters) > 26:
        raise NotSaid("so many axes")
    return products.einsum(call.tape, "->".join(sides), [operand(call.tape, each) for each in values])


def pack(call: EinopsCall) -> object:
    """Tensors joined along `*`, and the sizes of these axes in each."""
    before, after = _around_star(call.text())
    listed = call.values[0]
    if not isinstance(listed, list | tuple):
        raise NotSaid("what is not a list of tensors")
    flat, shapes = [], []
    for each in listed:
        x = operand(call.tape, each)
        shape = tuple(x.dims[before : len(x.dims) - after])
        shapes.append(shape)
        dims = (*x.dims[:before], prod(shape), *x.dims[len(x.dims) - after :])
        flat.append(_reshaped(call.tape, x, dims))
    joined = flat[0] if len(flat) == 1 else parts.concat(call.tape, flat, before)
    return (wrapped(joined), shapes)


def unpack(call: EinopsCall) -> object:
    """The tensors that were joined."""
    before, after = _around_star(call.text(2))
    x, shapes = call.tensor(), call.values[1]
    if not isinstance(shapes, list | tuple):
        raise NotSaid("sizes that are computed")
    listed = [tuple(shape) for shape in shapes]
    sizes = [prod(shape) for shape in listed]
    found = parts.split(call.tape, x, before, sizes) if len(sizes) > 1 else [call.tape.tensor(x)]
    return [
        _reshaped(call.tape, each, (*x.dims[:before], *shape, *x.dims[len(x.dims) - after :]))
        for each, shape in zip(found, listed, strict=True)
    ]


def _around_star(pattern: str) -> tuple[int, int]:
    """The numbers of axes before and after `*`."""
    words = pattern.split()
    if words.count("*") != 1:
        raise NotSaid(f'the pattern "{pattern}"')
    return words.index("*"), len(words) - words.index("*") - 1


Einops = Callable[[EinopsCall], object]


def _native(name: str, function: Einops) -> NativeFunction:
    def called(interpreter: Interpreter, given: CallGiven) -> object:
        if unknown := given.unfollowed():
            return unknown
        tracing = tracing_of(interpreter)
        tracing.tape.at(tracing.position(name, given.place, name, interpreter))
        return _result(interpreter, tracing, name, function, given, given.keywords)

    return NativeFunction(name, called)


def _result(
    interpreter: Interpreter, tracing: Tracing, name: str, function: Einops, given: CallGiven,
    sizes: Mapping[str, object],
) -> object:  # fmt: skip
    for value in given.values:
        for each in value if isinstance(value, list | tuple) else ():
            if isinstance(each, Unfollowed):
                return each
    whole = {key: value for key, value in sizes.items() if isinstance(value, int)}
    call = EinopsCall(tracing.tape, given.values, whole)
    return attempt(interpreter, lambda: wrapped(function(call)), given.place, name)


def _layer(name: str, function: Einops) -> PyClass:
    """A layer that keeps the pattern and the sizes of its constructor."""

    def init(interpreter: Interpreter, given: CallGiven) -> object:
        made = given.values[0]
        assert isinstance(made, PyInstance)
        made.extra = given.without_first()
        return given.unfollowed()

    def forward(interpreter: Interpreter, given: CallGiven) -> object:
        made, value = given.values[:2]
        assert isinstance(made, PyInstance)
        if (unknown := given.unfollowed()) or not isinstance(made.extra, CallGiven):
            return unknown
        tracing, own = tracing_of(interpreter), made.extra
        tracing.tape.at(tracing.position(name.lower(), made.place or given.place, name, interpreter))
        whole = CallGiven([value, *own.values], {}, given.place)
        return _result(interpreter, tracing, name, function, whole, own.keywords)

    return native_class(
        name, (MODULE,), {"__init__": NativeFunction("__init__", init), "forward": NativeFunction("forward", forward)}
    )


_FUNCTIONS: Mapping[str, Einops] = MappingProxyType({
    "rearrange": rearrange, "repeat": rearrange, "reduce": reduce, "einsum": einsum, "pack": pack, "unpack": unpack,
})  # fmt: skip

EINOPS: Mapping[str, object] = MappingProxyType({
    **{f"einops.{name}": _native(name, function) for name, function in _FUNCTIONS.items()},
    "einops.layers.torch.Rearrange": _layer("Rearrange", rearrange),
    "einops.layers.torch.Reduce": _layer("Reduce", reduce),
})  # fmt: skip
"""The names of einops that have a meaning here, by their dotted paths."""
