"""The centers of receptive fields in the input.

Per axis, the center of position k of a tensor is m + k·j. A window shifts m by ((F′ − 1)/2 − P₀)·j and multiplies j by
its stride. If a layer enlarges its input, its output is assumed to be centered over its input. A causal window is
shifted by design and has no effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.arithmetic.window import AxisWindow
from cnncalc.linting.network import Network

if TYPE_CHECKING:
    from fractions import Fraction

    Exact = int | Fraction


class Line(NamedTuple):
    """Along an axis: twice the center of position 0, and the jump to the next one.

    `coarsest` is the largest jump so far: positions are exact to within it.
    """

    doubled: Exact
    jump: Exact
    coarsest: Exact = 1


Lines = tuple[Line, ...] | None
"""One line for each axis; None if unknown: after global operations, or if the jumps of branches differ."""


def middles(network: Network) -> list[Lines]:
    """The lines of every node."""
    found: list[Lines] = []
    for index, node in enumerate(network.nodes):
        if node.layer is None:
            found.append(tuple(Line(0, 1) for _ in network.spatial(network.shape(index))))
        else:
            inputs = [found[source] for source in node.inputs if not network.nodes[source].unbatched]
            found.append(_through(network, index, _joined(inputs)) if inputs else None)
    return found


def _joined(inputs: list[Lines]) -> Lines:
    """The mean of the inputs' lines, for layers after a merge; None if their jumps differ."""
    if len(inputs) == 1:
        return inputs[0]
    known = [lines for lines in inputs if lines is not None]
    if len(known) < len(inputs) or len({tuple(line.jump for line in lines) for lines in known}) > 1:
        return None
    if all(lines == known[0] for lines in known):
        return known[0]
    return tuple(map(_mean, zip(*known, strict=True)))


def _mean(lines: tuple[Line, ...]) -> Line:
    from fractions import Fraction  # few networks need any

    doubled = Fraction(sum(line.doubled for line in lines)) / len(lines)
    return Line(_plain(doubled), lines[0].jump, max(line.coarsest for line in lines))


def _through(network: Network, index: int, lines: Lines) -> Lines:
    sight = network.sight(index)
    if lines is None or isinstance(sight, str):
        return lines if sight == "pointwise" else None
    if all(map(_stays, sight)) and len(sight) == len(lines):
        return lines
    sizes = network.spatial(network.inputs(network.nodes[index])[0])
    if len(sight) != len(lines) or len(sizes) != len(lines):
        return None
    return tuple([_step(line, size, window) for line, size, window in zip(lines, sizes, sight, strict=True)])


def _stays(window: AxisWindow) -> bool:
    """Whether a window covers only its own position."""
    return window.extent == window.stride == window.upsample == 1 and not window.before


def is_causal(window: AxisWindow) -> bool:
    """Whether a window covers no position after its own."""
    return window.stride == 1 and window.after == 0 and 0 < window.before == window.extent - 1


def _step(line: Line, size: int, window: AxisWindow) -> Line:
    if window.upsample != 1:
        from fractions import Fraction  # few networks need any

        jump = _plain(Fraction(line.jump * window.stride) / window.upsample)
        return Line(line.doubled + line.jump * (size - 1) - jump * (window.output - 1), jump, line.coarsest)
    jump = line.jump * window.stride
    moved = 0 if is_causal(window) else window.extent - 1 - 2 * window.before
    return Line(line.doubled + moved * line.jump, jump, max(line.coarsest, jump))


def _plain(number: Fraction) -> Exact:
    """A whole number as an int, for speed."""
    return number.numerator if number.denominator == 1 else number
