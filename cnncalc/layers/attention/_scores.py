"""Steps that all attention layers use: checks of the inputs, masks, and the weighted sum of the values."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, show_shape


def fused_flag() -> bool:
    """The field that says whether one kernel computes the attention; it changes only the memory of training."""
    return declare.flag(
        "whether one kernel computes scores and averages, so that training keeps no attention weights", default=True
    )


def query_key_value(inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
    """Query, key and value: one input serves as all three; with two, the second is both. A fourth is the mask."""
    inputs = inputs[:3]
    query, key, value = (inputs[0], inputs[min(1, len(inputs) - 1)], inputs[-1])
    return query, key, value


def arrays_in_roles(arrays: tuple[Array, ...]) -> tuple[Array, Array, Array]:
    """Like `query_key_value`, for real arrays."""
    arrays = arrays[:3]
    return arrays[0], arrays[min(1, len(arrays) - 1)], arrays[-1]


def check_mask(layer: Layer, inputs: tuple[Shape, ...], scores: Shape) -> None:
    """Reject a fourth input, the mask, that cannot be added to scores of this shape: leading axes, queries × keys."""
    if len(inputs) < 4:
        return
    if layer.setting.convention.name in ("keras", "tensorflow"):
        raise Refusal(
            f"{layer.setting.convention.title}'s attention adds no array to its scores: its masks are true or false",
            hint="write causal=true, or choose another convention", code="E304",
        )  # fmt: skip
    mask = inputs[3]
    if 3 in layer.unbatched and len(mask) == len(scores) + 1 and mask[0] == 1:
        mask = mask[1:]  # a first axis written for the batch
    meets = all(size in (1, whole) for size, whole in zip(reversed(mask), reversed(scores), strict=False))
    if len(mask) > len(scores) or not meets:
        raise Refusal(
            f"a mask of shape {show_shape(inputs[3])} cannot be added to scores of shape {show_shape(scores)}",
            hint="its last axes are queries × keys, with the heads before them; an axis of 1 is broadcast",
            code="E308",
        )


def masked(scores: Array, mask: Array | None) -> Array:
    """The scores plus a batch of masks; missing first axes of the masks count as 1."""
    if mask is None:
        return scores
    if mask.ndim > scores.ndim:
        mask = mask[:, 0]
    return scores + mask.reshape(len(mask), *[1] * (scores.ndim - mask.ndim), *mask.shape[1:])


def check_lengths(inputs: tuple[Shape, ...]) -> None:
    """Reject different numbers of keys and values."""
    _, key, value = query_key_value(inputs)
    if key[:-1] != value[:-1]:
        raise Refusal(
            f"{show_shape(key[:-1])} keys, but {show_shape(value[:-1])} values: every value needs a key",
            hint="the inputs are query, key, value",
            code="E308",
        )


def visible(np: ModuleType, scores: Array, keys: int, *, causal: bool, window: int | None = None) -> Array:
    """The scores, with the lowest number for keys that are masked: after the query, or outside its window.

    Only the first `keys` columns belong to positions; the columns after them are never masked.
    """
    query, key = np.arange(scores.shape[-2])[:, None], np.arange(scores.shape[-1])
    hidden = np.zeros((len(query), len(key)), bool)
    if causal:
        hidden |= key > query
    if window is not None:
        hidden |= np.abs(key - query) >= window
    return np.where(hidden & (key < keys), np.finfo(scores.dtype).min, scores)


def weigh(np: ModuleType, scores: Array, values: Array) -> Array:
    """The sum of the values, weighted by the softmax of the scores."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) @ values
