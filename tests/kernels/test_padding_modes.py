"""What stands in a padding: rows that PyTorch pads, and the same found place by place."""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.windows import Slide, bordered, source
from tests.together import for_each

ROW = [7.0, 3.0, 10.0, 6.0]

# mode, before, after, and the row that torch.nn.functional.pad gives (mode "constant" for zeros).
PADDED = [
    ("zeros", 2, 3, [0, 0, 7, 3, 10, 6, 0, 0, 0]),
    ("reflect", 2, 3, [10, 3, 7, 3, 10, 6, 10, 3, 7]),
    ("reflect", 1, 0, [3, 7, 3, 10, 6]),
    ("replicate", 2, 3, [7, 7, 7, 3, 10, 6, 6, 6, 6]),
    ("replicate", 0, 6, [7, 3, 10, 6, 6, 6, 6, 6, 6, 6]),
    ("circular", 2, 3, [10, 6, 7, 3, 10, 6, 7, 3, 10]),
    ("circular", 4, 4, [7, 3, 10, 6, 7, 3, 10, 6, 7, 3, 10, 6]),
]


@for_each(("mode", "before", "after", "expected"), PADDED)
def test_a_padded_row(mode: str, before: int, after: int, expected: list[float]) -> None:
    """The place of every padded number is found in the row as well."""
    found = [source(place, len(ROW), mode) for place in range(-before, len(ROW) + after)]
    assert [0 if place is None else ROW[place] for place in found] == expected


@for_each(("mode", "before", "after", "expected"), PADDED)
def test_an_array_is_padded_along_its_spatial_axes(mode: str, before: int, after: int, expected: list[float]) -> None:
    """Batch and channels stay; the slides need no more padding. Zeros are left to the kernels themselves."""
    steps = [Slide(1, 1, 1, 1, 0, 0), Slide(len(expected), 1, 1, 1, before, after)]
    x = np.array(ROW).reshape(1, 1, 4, 1) * np.array([1, -1])
    padded, slides = bordered(np, x, steps, mode)
    if mode == "zeros":
        assert padded is x
        assert slides == steps
    else:
        assert padded[0, 0, :, 0].tolist() == expected
        assert padded[0, 0, :, 1].tolist() == [-number for number in expected]
        assert [(step.before, step.after) for step in slides] == [(0, 0), (0, 0)]
        assert slides[1].starts == len(expected)
