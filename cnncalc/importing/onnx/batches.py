"""The batch among the axes of a model's inputs, and the sizes of the others."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.onnx.proto import OnnxGraph, ValueInfo

_RECURRENT = ("LSTM", "GRU", "RNN")
_WITH_CHANNELS = ("Conv", "ConvTranspose", "BatchNormalization", "InstanceNormalization", "MaxPool", "AveragePool")


def batch_axis_of(info: ValueInfo, graph: OnnxGraph) -> int | None:
    """The axis of the batch: one that is named so, the second of steps for a recurrent layer, else the first.

    In steps × 1 × features it is the second, unless a convolution reads the 1 as channels: PyTorch's attention and
    recurrent layers take sequences in this order, and most exports have one sample.
    """
    dims = info.dims or (None,)
    named = [place for place, size in enumerate(dims) if isinstance(size, str) and "batch" in size.lower()]
    if named:
        return named[0]
    if len(dims) == 3 and any(
        node.op in _RECURRENT and node.inputs[:1] == [info.name] and node.attributes.get("layout", 0) == 0
        for node in graph.nodes
    ):
        return 1
    is_sequence = len(dims) == 3 and dims[1] == 1 and isinstance(dims[0], int) and dims[0] > 1
    return (
        1
        if is_sequence and not any(node.op in _WITH_CHANNELS and node.inputs[:1] == [info.name] for node in graph.nodes)
        else 0
    )


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
