"""Positions that sliding windows do not use: those dropped by rounding, and gaps between windows or taps."""

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape, axis_name
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.layers.window_layer import WindowLayer

_NOUNS: Mapping[str, str] = {"height": "row", "width": "column", "depth": "slice"}
_LARGEST_SEARCH = 1_000_000
"""Longer axes are not searched for gaps."""


class AxisCoverage(NamedTuple):
    """The windows along one axis of the input, of `size` positions."""

    size: int
    extent: int
    padding: int
    """The padding of both sides together."""
    stride: int
    end: int
    """The first position after the last window: 0 if all are in the padding, above `size` if the last one overhangs."""
    spare: int
    """Positions of the padded input after the last window; negative if that window extends beyond it."""
    gaps: int
    """Positions before `end` that no window, or no tap of a dilated window, covers."""
    dilated: bool
    taken_back: bool
    """Whether rounding up gave a window that would begin beyond the input, and was therefore removed."""

    @property
    def room(self) -> int:
        """The distance that the window can move: W − F′ + P₀ + P₁."""
        return self.size - self.extent + self.padding

    @property
    def moves(self) -> str:
        """The room as a sum: `45 − 2 = 43`, `45 − 8 + 2 = 39`."""
        return f"{self.size} − {self.extent}{f' + {self.padding}' if self.padding else ''} = {self.room}"

    @property
    def lost(self) -> int:
        """Positions of the input after the last window."""
        return max(0, self.size - self.end)


def coverage(layer: WindowLayer, x: Shape) -> tuple[AxisCoverage, ...]:
    """The coverage along each spatial axis of a layer's input."""
    up = layer.rounding_rule() in ("ceil", "caffe")
    axes = zip(layer.spatial(x), layer.kernels(x), layer.dilations(x), layer.windows(x), strict=True)
    return tuple(_axis(W, F, D, window, up=up) for W, F, D, window in axes)


def _axis(W: int, F: int, D: int, window: AxisWindow, *, up: bool) -> AxisCoverage:
    room = W - window.extent + window.before + window.after
    end = (window.output - 1) * window.stride + window.extent - window.before
    gaps = _gaps(min(W, end), F, D, window) if D > 1 or window.stride > window.extent else 0
    return AxisCoverage(
        W, window.extent, window.before + window.after, window.stride, max(end, 0), W + window.after - end, gaps,
        dilated=D > 1, taken_back=up and window.output <= -(-room // window.stride),
    )  # fmt: skip


def _gaps(length: int, F: int, D: int, window: AxisWindow) -> int:
    """The number of the first `length` positions that no tap covers."""
    S, count = window.stride, window.output
    if not 0 < length <= _LARGEST_SEARCH or min(F, count) > 1000:
        return 0
    runs = [(tap * D, S, count) for tap in range(F)] if count > F else [(k * S, D, F) for k in range(count)]
    seen = bytearray(length)
    for start, step, steps in runs:
        first = start - window.before
        inside = range(first, first + steps * step, step)
        inside = inside[max(0, -(first // step)) if first < 0 else 0 :]
        inside = range(inside.start, min(inside.stop, length), step)
        seen[inside.start : inside.stop : step] = b"\1" * len(inside)
    return seen.count(0)


def describe(axes: tuple[AxisCoverage, ...]) -> tuple[str, ...]:
    """Sentences about unused positions, with one sentence for axes that agree."""
    nouns = [_NOUNS.get(axis_name(len(axes), index), "position") for index in range(len(axes))]
    groups: dict[AxisCoverage, list[str]] = {}
    for axis, noun in zip(axes, nouns, strict=True):
        groups.setdefault(axis, []).append(noun)
    found = {axis: _sentences(axis, names) for axis, names in groups.items()}
    if not any(found.values()):
        return (f"No position is dropped: {', and '.join(dict.fromkeys(map(_why, found)))}.",)
    along = {axis: f" along the {_noun(2, names)}" if len(groups) > 1 else "" for axis, names in groups.items()}
    return tuple(
        sentence
        for axis, sentences in found.items()
        for sentence in sentences or [f"No position is dropped{along[axis]}: {_why(axis)}."]
    )


def _sentences(axis: AxisCoverage, nouns: list[str]) -> list[str]:
    """Sentences about the unused positions along one axis, or along several that agree; empty if there are none."""
    found = []
    if axis.taken_back:
        found.append("Rounding up gives an additional window, which would begin beyond the input: it is dropped.")
    if axis.lost:
        verb = _verb(axis.lost, nouns, "is", "are")
        end = f"the last window ends at {axis.end} of {axis.size}"
        found.append(f"The last {_counted(axis.lost, nouns)} {verb} never used: {end}.")
    elif axis.spare > 0:
        verb = _verb(axis.spare, nouns, "is", "are")
        found.append(f"The last {_counted(axis.spare, nouns)} of padding {verb} not used; no input is dropped.")
    elif axis.spare < 0:
        found.append(f"The last window extends {-axis.spare} {_noun(-axis.spare, nouns)} beyond the padded input.")
    if axis.gaps:
        where = "between the kernel's taps" if axis.dilated else "between the windows"
        verb = _verb(axis.gaps, nouns, "lies", "lie")
        found.append(f"{axis.gaps} {_noun(axis.gaps, nouns)} {verb} {where}, never used.")
    return found


def _why(axis: AxisCoverage) -> str:
    if axis.stride == 1:
        return "a stride of 1 reaches every position"
    if axis.room == 0:
        return "one window covers the whole axis"
    return f"{axis.moves} is divisible by stride {axis.stride}"


def _counted(count: int, nouns: list[str]) -> str:
    """`row`, `2 rows`, `row and column`, `2 rows and columns`."""
    return _noun(1, nouns) if count == 1 else f"{count} {_noun(count, nouns)}"


def _noun(count: int, nouns: list[str]) -> str:
    return " and ".join(nouns if count == 1 else [f"{noun}s" for noun in nouns])


def _verb(count: int, nouns: list[str], one: str, many: str) -> str:
    return one if count == 1 and len(nouns) == 1 else many
