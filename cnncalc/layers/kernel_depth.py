"""Hints for kernels written with the depth of their input: 8x8x3 on an image, where 8x8 is enough."""

from __future__ import annotations


def meant_axes(values: tuple[int, ...], rank: int, depth: int | None) -> str:
    """The hint for values whose number is not `rank`.

    `depth` is the input's number of channels if the values are a kernel's: it may come first or last, and the filters
    after it.
    """
    if depth is None or len(values) < rank or (rank == 1 and depth not in values):
        return f"give one number, or a list of {rank}"
    is_first = values[0] == depth and values[rank] != depth
    sides = values[1 : rank + 1] if is_first else values[:rank]
    return f"write {'x'.join(map(str, sides))}: a kernel has only spatial axes; its depth is implied"
