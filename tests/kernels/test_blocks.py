"""Blocks of arrays: any order in memory, broadcast arrays, and types of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import elementwise
from cnncalc.kernels.elementwise import by_blocks, scaled
from tests.kernels.number_making import squares

WHOLE = squares(3, 5, 7, 2)
ARRAYS = {
    "as made": WHOLE,
    "channels first": np.moveaxis(WHOLE, -1, 1),
    "reversed": WHOLE[:, ::-1],
    "every second": WHOLE[:, :, ::2],
    "repeated": np.broadcast_to(WHOLE[:, :1], WHOLE.shape),
    "empty": WHOLE[:, :0],
    "one": WHOLE[:1, :1, :1, :1],
}


@pytest.fixture(params=[1, 4, 33, 10_000])
def block_values(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(elementwise, "BLOCK_VALUES", request.param)
    return int(request.param)


@pytest.mark.usefixtures("block_values")
@pytest.mark.parametrize("name", ARRAYS)
def test_every_value_is_filled(name: str) -> None:
    """A negative of each element, in an array with the same order in memory."""
    x = ARRAYS[name]
    y = by_blocks(np, np.negative, x)
    np.testing.assert_array_equal(y, -x)
    assert y.dtype == np.float32


@pytest.mark.usefixtures("block_values")
@pytest.mark.parametrize("turned", [False, True])
def test_arrays_of_other_sizes_are_broadcast(turned: bool) -> None:
    """One number per channel and one per sample, with either array first; float64 is kept."""
    for other in (squares(1, 1, 1, 2), squares(3, 1, 1, 1), squares(3, 5, 7, 2).astype(np.float64)):
        pair = (other, WHOLE) if turned else (WHOLE, other)
        y = by_blocks(np, np.subtract, *pair)
        np.testing.assert_array_equal(y, pair[0] - pair[1])
        assert y.dtype == other.dtype


def test_a_block_is_no_larger(block_values: int) -> None:
    """At most so many values, unless one position has more."""
    sizes = []

    def fill(x, *, out):
        sizes.append(out.size)
        np.copyto(out, x)

    by_blocks(np, fill, ARRAYS["channels first"])
    assert sum(sizes) == 3 * 5 * 7 * 2
    assert max(sizes) <= block_values


@pytest.mark.usefixtures("block_values")
@pytest.mark.parametrize("shape", [(3, 5, 7, 2), (3, 2), (3, 0, 2)])
def test_a_scale_and_a_shift_of_each_channel(shape: tuple[int, ...]) -> None:
    x = squares(*shape)
    scale, shift = np.array([2, 3], np.float32), np.array([5, 7], np.float32)
    np.testing.assert_array_equal(scaled(np, x, scale, shift), x * scale + shift)
