"""The merge of the two directions of a recurrent layer."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array


def joined(np: ModuleType, outputs: list[Array], merge: str, axis: int = -1) -> Array:
    """The outputs of both directions as one array, concatenated along `axis`; a single output unchanged."""
    if len(outputs) == 1:
        return outputs[0]
    one, other = outputs
    if merge == "concat":
        return np.concatenate(outputs, axis=axis)
    if merge in ("multiply", "mul"):
        return one * other
    return one + other if merge == "sum" else (one + other) / one.dtype.type(2)
