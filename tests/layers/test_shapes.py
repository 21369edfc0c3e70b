"""Values that represent a shape, and those that do not."""

from __future__ import annotations

from cnncalc.layers.shapes import as_shape
from tests.together import for_each


@for_each(
    ("value", "shape"),
    [
        (7, (7,)), ("7x5x3", (7, 5, 3)), ([7, 5, 3], (7, 5, 3)), ((1,), (1,)), ([], ()), ("scalar", ()),
        (0, None), ("7x0", None), ([7, 0], None), (-1, None), (True, None), ([7, True], None), (2.5, None),
        ("7 by 5", None), (None, None), ([[7, 5]], None),
    ],
)  # fmt: skip
def test_shapes(value: object, shape: tuple[int, ...] | None) -> None:
    """Whole numbers from 1; no axis is a scalar."""
    assert as_shape(value) == shape
