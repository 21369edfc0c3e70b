"""The batch among the axes of a model's inputs, and the sizes of the others."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.onnx.proto import OnnxGraph, ValueInfo

_RECURRENT = ("LSTM", "GRU", "RNN")


def batch_axis_of(info: ValueInfo, graph: OnnxGraph) -> int | None:
    """The axis of the batch: one that is named so, the second of steps for a recurrent layer, else the first."""
    dims = info.dims or (None,)
    named = [place for place, size in enumerate(dims) if isinstance(size, str) and "batch" in size.lower()]
    if named:
        return named[0]
    if len(dims) == 3 and any(
        node.op in _RECURRENT and node.inputs[:1] == [info.name] and node.attributes.get("layout", 0) == 0
        for node in graph.nodes
    ):
        return 1
    return 0


def known_sizes(info: ValueInfo, axis: int | None, given: Sequence[int] | None) -> tuple[Shape, int] | None:
    """The sizes of an input with the batch at `axis`, and the batch; None where a size stays open."""
    dims = info.dims
    if axis is None:
        return ((), 1) if dims == () else None
    stated = dims[axis] if dims else None
    batch = stated if isinstance(stated, int) and stated > 0 else 1
    own = tuple(given) if given else tuple(size for place, size in enumerate(dims or (None, None)) if place != axis)
    if not all(isinstance(size, int) and size > 0 for size in own):
        return None
    sizes = tuple(int(size) for size in own)  # type: ignore[arg-type]
    return (*sizes[:axis], batch, *sizes[axis:]), batch
