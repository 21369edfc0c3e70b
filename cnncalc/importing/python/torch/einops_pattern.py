"""Patterns of einops, `b c (h p) w -> b (h w) (p c)`: the axes of each side, and the sizes of their parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.importing.tensors.tensor import NotSaid

Axes = tuple[tuple[str, ...], ...]
"""The axes of one side, each with the names of its parts."""

_TOKEN = re.compile(r"\(|\)|\.\.\.|…|\*|\w+|\S")


class EinopsPattern(NamedTuple):
    """The two sides of a pattern for a tensor of a known number of axes, and the size of every part."""

    left: Axes
    right: Axes
    sizes: Mapping[str, int]

    @property
    def parts(self) -> list[str]:
        """The parts of the left side in order."""
        return [name for axis in self.left for name in axis]

    @property
    def made(self) -> list[str]:
        """The parts of the right side in order."""
        return [name for axis in self.right for name in axis]

    def dims(self) -> tuple[int, ...]:
        """The sizes of the result."""
        return tuple(prod(self.sizes[name] for name in axis) for axis in self.right)


def pattern_of(text: str, dims: Sequence[int], given: Mapping[str, int]) -> EinopsPattern:
    """A pattern for a tensor of these sizes. Raises Refusal where they do not fit, and NotSaid."""
    left_text, arrow, right_text = text.partition("->")
    if not arrow:
        raise NotSaid(f'the pattern "{text}"')
    left, right = axes_of(left_text), axes_of(right_text)
    rest = len(dims) - len(left) + 1
    if ("...",) in left:
        names = [f"...{number}" for number in range(max(rest, 0))]
        left, right = _spread(left, names), _spread(right, names)
    if len(left) != len(dims):
        raise Refusal(f'"{left_text.strip()}" has {len(left)} axes, and the tensor {len(dims)}', code="E303")
    sizes = dict(given)
    for axis, size in zip(left, dims, strict=True):
        _solve(axis, size, sizes)
    for axis in right:
        for name in axis:
            if name.startswith("#"):
                sizes.setdefault(name, 1)
            elif name.isdigit():
                sizes[name] = int(name)
            elif name not in sizes:
                raise NotSaid(f"{name} without a size")
    return EinopsPattern(left, right, sizes)


def axes_of(text: str) -> Axes:
    """The axes of one side. Those of size 1 are `#0`, `#1` …, as they have no name."""
    found: list[list[str]] = []
    group: list[str] | None = None
    ones = 0
    for token in _TOKEN.findall(text):
        name = "..." if token == "…" else token
        if name == "1":
            name, ones = f"#{ones}", ones + 1
        if name == "(":
            group = []
            found.append(group)
        elif name == ")":
            if not group:
                found[-1], ones = [f"#{ones}"], ones + 1
            group = None
        elif group is not None:
            group.append("(...)" if name == "..." else name)
        else:
            found.append([name])
    return tuple(map(tuple, found))


def _spread(axes: Axes, names: list[str]) -> Axes:
    """Axes with names in place of the dots."""
    found: list[tuple[str, ...]] = []
    for axis in axes:
        if axis == ("...",):
            found += [(name,) for name in names]
        else:
            found.append(tuple(one for name in axis for one in (names if name == "(...)" else [name])))
    return tuple(found)


def _solve(axis: tuple[str, ...], size: int, sizes: dict[str, int]) -> None:
    """The size of the one part that is not known. Raises Refusal where the parts do not give the size."""
    for name in axis:
        if name.startswith("#") or name.isdigit():
            sizes.setdefault(name, 1 if name.startswith("#") else int(name))
    unknown = [name for name in axis if name not in sizes]
    known = prod(sizes[name] for name in axis if name in sizes)
    if len(unknown) > 1:
        raise NotSaid(f"{' and '.join(unknown)} without sizes")
    if unknown and known and size % known == 0:
        sizes[unknown[0]] = size // known
    elif unknown or known != size:
        written = "·".join(name if name in unknown else f"{name}={sizes[name]}" for name in axis) or "1"
        fault = f"not divisible by {known}" if unknown else f"not {known}"
        raise Refusal(f"{written.replace('#0=', '')} is an axis of {size}, which is {fault}", code="E305")
