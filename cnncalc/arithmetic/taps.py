"""Taps along one axis: the input positions that each output position reads, as a repeating pattern.

Output k = q·p + m, with p cells, reads the positions of cell m moved by q·advance. A sliding window has one cell; an
upsampling by S has S of them, because S neighbouring outputs cover one input. All arithmetic is exact.
"""

from collections.abc import Callable, Iterable
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.arithmetic.window import AxisWindow

if TYPE_CHECKING:
    from fractions import Fraction

MOST_CELLS = 10_000
"""The maximum length of a pattern; a resizing of 1,000,007 positions to 1,000,003 exceeds it."""

HERE = range(1)
"""The position of the output itself."""

NOTHING = range(0)
"""No position: a gap of a transposed convolution, which is zero."""


class AxisTaps(NamedTuple):
    """The taps along one axis: a pattern of cells, and the advance of the input from one pattern to the next.

    `border` is the content beyond the input: `zeros` (no position), or the input again in the modes of a padding:
    `reflect`, `replicate`, `circular`.
    """

    cells: tuple[range, ...]
    advance: int
    border: str = "zeros"
    inside: tuple[int, int] | None = None
    """The part of the input that taps may read, if it is not the whole axis."""

    def of(self, output: int) -> range:
        """The positions that an output reads, including those beyond the input."""
        turn, place = divmod(output, len(self.cells))
        cell, moved = self.cells[place], turn * self.advance
        return range(cell.start + moved, cell.stop + moved, cell.step)


SAME_PLACE = AxisTaps((HERE,), 1)


def patterns(axes: Iterable[AxisTaps | None]) -> tuple[AxisTaps, ...] | None:
    """The taps of every axis; None if the pattern of one is too long."""
    found = []
    for taps in axes:
        if taps is None:
            return None
        found.append(taps)
    return tuple(found)


def sliding(window: AxisWindow, dilation: int = 1, *, border: str = "zeros") -> AxisTaps:
    """The taps of a sliding window, without the gaps of its dilation."""
    return AxisTaps((range(-window.before, window.extent - window.before, dilation),), window.stride, border)


def moved(start: int, step: int = 1, border: str = "zeros") -> AxisTaps:
    """Output k reads position start + k·step."""
    return AxisTaps((range(start, start + 1),), step, border)


def throughout(W: int) -> AxisTaps:
    """Every output reads the whole axis."""
    return AxisTaps((range(W),), 0)


def again(W: int) -> AxisTaps | None:
    """The axis repeated: output k reads k mod W."""
    return AxisTaps(tuple(range(place, place + 1) for place in range(W)), 0) if W <= MOST_CELLS else None


def repeated(scale: int) -> AxisTaps | None:
    """Each input `scale` times."""
    return AxisTaps((HERE,) * scale, 1) if scale <= MOST_CELLS else None


def nailed(scale: int) -> AxisTaps | None:
    """Each input once, and zeros at the other positions of its cell."""
    return AxisTaps((HERE, *(NOTHING,) * (scale - 1)), 1) if scale <= MOST_CELLS else None


def transposed(F: int, S: int, D: int, cut: int) -> AxisTaps | None:
    """A transposed convolution whose first output is `cut` positions inside the span of the first kernel.

    Output o sums the inputs i and the taps t with i·S + t·D = o + cut.
    """
    if S > MOST_CELLS:
        return None
    shared = gcd(S, D)
    between = S // shared
    inverse = pow(D // shared, -1, between)
    return AxisTaps(tuple(_reaching(F, S, D, place + cut, shared, inverse) for place in range(S)), 1)


def _reaching(F: int, S: int, D: int, place: int, shared: int, inverse: int) -> range:
    """The inputs whose kernels reach a position: those of the taps t with t·D = place modulo S, none if all are ≥ F."""
    if place % shared:
        return NOTHING
    between = S // shared
    first = place // shared * inverse % between
    last = first + (F - 1 - first) // between * between
    return range((place - last * D) // S, (place - first * D) // S + 1, D // shared)


def bins(W: int, count: int) -> AxisTaps | None:
    """The bins of an adaptive pool: output i reads from ⌊i·W/O⌋ to before ⌈(i + 1)·W/O⌉."""
    shared = gcd(W, count)
    if count // shared > MOST_CELLS:
        return None
    cells = tuple(range(i * W // count, -(-(i + 1) * W // count)) for i in range(count // shared))
    return AxisTaps(cells, W // shared)


def spaced(F: int, room: int, count: int) -> AxisTaps | None:
    """Windows of F with starts spaced as evenly as possible: window i at ⌊i·room/(O − 1)⌋."""
    gaps = max(count - 1, 1)
    shared = gcd(room, gaps)
    if gaps // shared > MOST_CELLS:
        return None
    starts = [i * room // gaps for i in range(gaps // shared)]
    return AxisTaps(tuple(range(start, start + F) for start in starts), room // shared)


def last(W: int, F: int) -> AxisTaps:
    """One window of F, at the end of the axis."""
    return AxisTaps((range(W - F, W),), W)


def read_at(
    first: "Fraction", step: "Fraction", read: "Callable[[Fraction], range]", inside: tuple[int, int]
) -> AxisTaps | None:  # fmt: skip
    """Taps at the coordinates first + k·step of a part of the axis; `read` gives the positions around a coordinate."""
    period = step.denominator
    if period > MOST_CELLS:
        return None
    around = (read(first + place * step) for place in range(period))
    cells = tuple(range(cell.start + inside[0], cell.stop + inside[0]) for cell in around)
    return AxisTaps(cells, int(step * period), "replicate", inside)
