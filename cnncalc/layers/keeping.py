"""The data that the backward pass of a layer needs from its forward pass, as PyTorch keeps it.

A layer type declares it as `keeps`, or computes it from its fields and shapes in `kept`. Learned arrays are never
listed: they are parameters, and exist anyway.
"""

from typing import Literal, NamedTuple

KeptInputs = Literal["", "all", "others", "trained"] | tuple[int, ...]
"""The inputs that are kept: none, all, or those at these indices.

With `others`, an input is kept if another one needs a gradient, as for a product. With `trained`, the inputs are kept
if the layer's own weights are trained.
"""

Sharing = Literal["", "view", "reordered", "reshaped"]
"""The relation of the output to the memory of the first input: none, or the output is a view of it.

A `reordered` view has its numbers in another order than they lie in memory. A `reshaped` output is a view if the
numbers of its input lie in order, else a copy.
"""


class KeptArray(NamedTuple):
    """An array that a layer computes and keeps for its backward pass: a mask, indices, statistics."""

    name: str
    elements: int
    """For one sample, or for the whole batch if it is `shared`."""
    item_bytes: int = 0
    """The size of a number; 0 for the type of the activations."""
    shared: bool = False
    """Whether the array has no batch axis."""


class Keeps(NamedTuple):
    """The inputs, the output and the further arrays that a layer keeps for its backward pass."""

    inputs: KeptInputs = ""
    output: bool = False
    arrays: tuple[KeptArray, ...] = ()
    sharing: Sharing = ""
    order: tuple[int, ...] = ()
    """For a `reordered` view, the index of the input's axis for each axis of the output; empty if a part is selected.

    For a new output, its axes in the order of the memory, if they do not lie as in the shape.
    """
    folded_axes: int = 0
    """The number of last axes that stay if the others are folded into one for a matrix product: a kept input whose
    numbers do not lie in order for this is copied. 0 for none."""
    needs_training: bool = False
    """Whether the inputs at the given indices are kept only if the layer's own weights are trained."""


NOTHING = Keeps()
INPUTS = Keeps("all")
OUTPUT = Keeps(output=True)
BOTH = Keeps("all", output=True)
OTHERS = Keeps("others")
TRAINED = Keeps("trained")
VIEW = Keeps(sharing="view")
REORDERED = Keeps(sharing="reordered")
RESHAPED = Keeps(sharing="reshaped")

ASSUMED = Keeps("all", output=True)
"""For a layer that does not declare what it keeps."""

INDEX_BYTES = 8
"""The size of an index: PyTorch's are int64."""
FLOAT_BYTES = 4
"""The size of a statistic, which is float32 in mixed precision as well."""


def indices(elements: int, name: str = "indices") -> KeptArray:
    """Positions, such as those of the maxima of a pool."""
    return KeptArray(name, elements, INDEX_BYTES)


def statistics(elements: int, *names: str, shared: bool = False) -> tuple[KeptArray, ...]:
    """Float32 arrays of equal size, such as means and inverse standard deviations."""
    return tuple(KeptArray(name, elements, FLOAT_BYTES, shared) for name in names)


def mask(rate: float, elements: int) -> Keeps:
    """The factors of a dropout, which are numbers like the activations; none if nothing is dropped."""
    return Keeps(arrays=(KeptArray("mask", elements),)) if rate else NOTHING
