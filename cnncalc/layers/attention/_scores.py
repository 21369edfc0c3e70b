"""What the kinds of attention share: checks of their inputs, masks, and the weighing of values by scores."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Array, show_shape


def query_key_value(inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
    """The three roles: one input plays all of them, of two the second is key and value."""
    query, key, value = (inputs[0], inputs[min(1, len(inputs) - 1)], inputs[-1])
    return query, key, value


def check_lengths(inputs: tuple[Shape, ...]) -> None:
    """Refuse keys that are not as many as the values."""
    _, key, value = query_key_value(inputs)
    if key[:-1] != value[:-1]:
        raise Refusal(
            f"{show_shape(key[:-1])} keys, but {show_shape(value[:-1])} values: every value needs a key",
            hint="the inputs are query, key, value",
            code="E308",
        )


def visible(np: ModuleType, scores: Array, keys: int, *, causal: bool, window: int | None = None) -> Array:
    """The scores with the lowest number where a query must not look: behind it, or out of its window.

    Only the first `keys` columns belong to positions; every query sees those behind them.
    """
    query, key = np.arange(scores.shape[-2])[:, None], np.arange(scores.shape[-1])
    hidden = np.zeros((len(query), len(key)), bool)
    if causal:
        hidden |= key > query
    if window is not None:
        hidden |= np.abs(key - query) >= window
    return np.where(hidden & (key < keys), np.finfo(scores.dtype).min, scores)


def weigh(np: ModuleType, scores: Array, values: Array) -> Array:
    """The values, weighed by the softmax of the scores."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) @ values
