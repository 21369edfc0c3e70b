"""Long lists of numbers in short: `188, 204, 220, … 588, every 16th`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cnncalc.number_text import thousands

FEW = 6
"""The most numbers that are written out."""

SHOWN = 3
"""The numbers before the dots."""


def progression(numbers: Sequence[int]) -> str:
    """Increasing numbers: a few written out, runs as `32 to 512`, equal steps with their step.

    >>> progression(range(188, 600, 16)), progression([5, 6, 7, 8, 9, 10, 11])
    ('188, 204, 220, … 588, every 16th', '5 to 11')
    >>> progression([1, 2, 9, 10, 17, 18, 25, 26, 33, 34])
    '1, 2, 9, 10, 17, 18, … 33, 34, every 8'
    """
    if len(numbers) <= FEW and not _is_run(numbers):
        return ", ".join(map(str, numbers))
    step = _step(numbers)
    if step == 1:
        return _run(numbers[0], numbers[-1])
    if step:
        return f"{', '.join(map(str, numbers[:SHOWN]))}, … {numbers[-1]}, every {_ordinal(step)}"
    return _runs(_split(numbers))


def _is_run(numbers: Sequence[int]) -> bool:
    return len(numbers) > 2 and _step(numbers) == 1


def _step(numbers: Sequence[int]) -> int | None:
    """The distance between neighbours if it is the same for all."""
    steps = {later - sooner for sooner, later in pairwise(numbers)}
    return steps.pop() if len(steps) == 1 else None


def _split(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each stretch of neighbouring numbers."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _runs(runs: list[tuple[int, int]]) -> str:
    if len(runs) <= FEW - 2:
        return ", ".join(_run(*run) for run in runs)
    first = ", ".join(_run(*run) for run in runs[:SHOWN])
    step = _step([run[0] for run in runs])
    equal = len({last - begin for begin, last in runs}) == 1
    return f"{first}, … {_run(*runs[-1])}" + (f", every {step}" if step and equal else "")


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}, {last}" if last == first + 1 else f"{first} to {last}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{thousands(number)}{ending}"
