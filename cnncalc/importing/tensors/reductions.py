"""Operations along axes: means, sums, extremes, softmax, cumulative sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, Operand, TapeTensor

_POOLS: Mapping[str, str] = MappingProxyType({"reduce_mean": "global_avg_pool", "reduce_max": "global_max_pool"})

_KEEPING = ("pytorch", "onnx")
"""Conventions whose global pools keep the axes."""


def reduce(tape: Tape, type: str, x: Operand, axes: Sequence[int] | None, *, keep: bool = False) -> TapeTensor:
    """A reduction, `reduce_mean`, over axes; over all spatial axes of an image a global pool."""
    x = tape.tensor(x)
    places = sorted({axis % max(x.rank, 1) for axis in (axes if axes else range(x.rank))})
    dims, batch = reduced(x, places, keep=keep)
    if type in _POOLS and x.batch == BatchAxis(0) and x.rank > 2 and places == _spatial(tape, x):
        return tape.append(
            _POOLS[type], {} if keep and tape.convention in _KEEPING else {"keep": keep}, [x], dims, batch
        )
    own = [x.single(place) for place in places]
    arguments: dict[str, Any] = {"axis": own if len(own) > 1 else own[0]}
    if keep or tape.convention == "onnx":
        arguments["keep"] = keep
    return tape.append(type, arguments, [x], dims, batch)


def reduced(x: TapeTensor, places: Sequence[int], *, keep: bool) -> tuple[Shape, BatchAxis | None]:
    """The sizes without some axes, or with 1 for them, and the batch."""
    if keep:
        return tuple(1 if place in places else size for place, size in enumerate(x.dims)), x.batch
    below = sum(place < x.batch.axis for place in places) if x.batch else 0
    dims = tuple(size for place, size in enumerate(x.dims) if place not in places)
    return dims, x.batch and x.batch._replace(axis=x.batch.axis - below)


def _spatial(tape: Tape, x: TapeTensor) -> list[int]:
    return list(range(2, x.rank)) if tape.layout == "CHW" else list(range(1, x.rank - 1))


def along(tape: Tape, type: str, x: Operand, axis: int, **arguments: Any) -> TapeTensor:
    """A layer along one axis that keeps the sizes: softmax, log_softmax, cumulative_sum."""
    x = tape.tensor(x)
    own = x.single(axis)
    is_default = type in ("softmax", "log_softmax") and own == (1 if tape.layout == "CHW" else len(x.sample))
    return tape.same(type, arguments if is_default else {"axis": own, **arguments}, x)


def halved(tape: Tape, x: Operand, axis: int) -> TapeTensor:
    """A gated linear unit: one half of an axis times the sigmoid of the other."""
    x = tape.tensor(x)
    place = axis % x.rank
    dims = (*x.dims[:place], x.dims[place] // 2, *x.dims[place + 1 :])
    return tape.append("glu", {"axis": x.single(place)}, [x], dims, x.batch)
