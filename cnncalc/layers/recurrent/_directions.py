"""How the two directions of a recurrent layer are joined."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.base import Array

MERGES = ("concat", "sum", "multiply", "average", "mul", "ave")


def bidirectional_field() -> bool:
    """The declaration of `bidirectional`, for any layer that reads a sequence."""
    return declare.flag("whether a second set of weights reads the sequence from its end", default=False)


def merge_field() -> str:
    """The declaration of `merge`."""
    return declare.choice("how the two directions are joined", MERGES, default="concat", aliases=("merge_mode",))


def joined(np: ModuleType, outputs: list[Array], merge: str, axis: int = -1) -> Array:
    """The outputs of both directions as one array, concatenated along `axis`; a single output as it is."""
    if len(outputs) == 1:
        return outputs[0]
    one, other = outputs
    if merge == "concat":
        return np.concatenate(outputs, axis=axis)
    if merge in ("multiply", "mul"):
        return one * other
    return one + other if merge == "sum" else (one + other) / one.dtype.type(2)
