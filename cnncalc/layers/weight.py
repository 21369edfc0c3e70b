"""The arrays of a layer: learned, or fixed numbers."""

from collections.abc import Callable, Iterator
from functools import wraps
from math import prod
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape


class Weight(NamedTuple):
    """An array of a layer: its name, its shape, and the positions that share it.

    `positions` are the sizes of the axes along which the array is reused: their product is the number of copies without
    weight sharing. A `statistic` is not learned (batch norm's moving mean).
    """

    name: str
    shape: Shape
    positions: Shape = ()
    statistic: bool = False

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def unshared_size(self) -> int:
        return prod(self.shape) * prod(self.positions)

    @property
    def is_kernel(self) -> bool:
        """Whether the array is multiplied by the input."""
        return any(word in self.name for word in ("kernel", "recurrent", "projection"))


def marking_buffers(rule: Callable[..., Iterator[Weight]]) -> Callable[..., Iterator[Weight]]:
    """A rule for weights that marks all of them as statistics if the layer is `buffers_only`."""

    @wraps(rule)
    def weights(self: Any, *args: Any, **kwargs: Any) -> Iterator[Weight]:
        found = rule(self, *args, **kwargs)
        return (weight._replace(statistic=True) for weight in found) if self.buffers_only else found

    return weights
