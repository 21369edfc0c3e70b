"""Helpers for the rules about sliding windows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from cnncalc.arithmetic.convention import Shape, axis_name
from cnncalc.graph.model import Node
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.network import Network
from cnncalc.number_text import plural

SlidingLayer = tuple[int, Node, WindowLayer]
_NOUNS: Mapping[str, str] = {"height": "row", "width": "column", "depth": "slice"}


def sliding(network: Network, where: Callable[[WindowLayer, Shape], bool] | None = None) -> list[SlidingLayer]:
    """The layers whose windows slide over their input; with `where`, only those that it accepts with their input."""
    if where is None:
        return network.sliding
    first = [(group, *group[0]) for group in network.alike]
    return [each for group, _, node, layer in first if where(layer, network.inputs(node)[0]) for each in group]


@cache
def axes_of(rank: int) -> tuple[str, ...]:
    """The names of `rank` spatial axes: `height`, `width`."""
    return tuple([axis_name(rank, index) for index in range(rank)])


def unit(rank: int) -> str:
    """The word for a position of an input with `rank` spatial axes."""
    return "pixel" if rank == 2 else "position"


def counted(numbers: Iterable[int]) -> str:
    """A count of positions per axis in words: `row and column`, `2 rows and 1 column`; axes with 0 are omitted."""
    found = list(numbers)
    nouns = [_NOUNS.get(axis, "position") for axis in axes_of(len(found))]
    nonzero = [(number, noun) for number, noun in zip(found, nouns, strict=True) if number]
    if all(number == 1 for number, _ in nonzero):
        return listed(noun for _, noun in nonzero)
    if len({number for number, _ in nonzero}) == 1:
        return f"{nonzero[0][0]} {listed(f'{noun}s' for _, noun in nonzero)}"
    return listed(plural(number, noun) for number, noun in nonzero)


def along(axes: Iterable[str]) -> str:
    """`height and width`."""
    return listed(axes)


def listed(words: Iterable[str]) -> str:
    """`slice, row and column`."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
