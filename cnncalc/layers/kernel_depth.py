"""Kernels written with the depth of their input: 8x8x3 on an image, which a kernel of 8x8 spans anyway."""

from __future__ import annotations


def meant_axes(values: tuple[int, ...], rank: int, depth: int | None) -> str:
    """The text to write in place of values for another number of axes than `rank`.

    `depth` is the channels of the input where the values are a kernel's: it may have them first or last, and the
    filters after them.
    """
    if depth is None or len(values) < rank or (rank == 1 and depth not in values):
        return f"give one number, or a list of {rank}"
    is_first = values[0] == depth and values[rank] != depth
    sides = values[1 : rank + 1] if is_first else values[:rank]
    return f"write {'x'.join(map(str, sides))}: a kernel has spatial axes alone, its depth is implied"
