"""The progress of a sweep, on a line of the terminal that is written again and again."""

from __future__ import annotations

import sys
from time import monotonic

import click

from cnncalc.number_text import thousands, whole_percent
from cnncalc.sweeping.variant import SweepTally

_INTERVAL = 0.2
"""Seconds between two states of the line."""


class SweepProgress:
    """Shows the counts while `is_shown`; nothing is written otherwise."""

    def __init__(self, size: int, done: int, *, is_shown: bool) -> None:
        self._size = size
        self._done = done
        """The combinations that an earlier run has evaluated."""
        self._is_shown = is_shown
        self._start = monotonic()
        self._next = self._start

    def show(self, tally: SweepTally) -> None:
        """Write the line, if it is time to."""
        now = monotonic()
        if self._is_shown and now >= self._next:
            self._next = now + _INTERVAL
            self._write(self._text(tally, now))

    def clear(self) -> None:
        """Remove the line."""
        if self._is_shown:
            self._write("")

    def _text(self, tally: SweepTally, now: float) -> str:
        parts = [
            f"{thousands(tally.tried)} of {thousands(self._size)} ({whole_percent(tally.tried / self._size)})",
            f"{thousands(tally.kept)} kept",
            *([f"{thousands(tally.failed)} failed"] if tally.failed else []),
        ]
        evaluated = tally.tried - self._done
        left = (now - self._start) / evaluated * (self._size - tally.tried) if evaluated else 0
        return ", ".join([*parts, f"{_duration(left)} left"])

    def _write(self, text: str) -> None:
        click.echo(f"\r\x1b[K{text}", nl=False, file=sys.stderr)


def _duration(seconds: float) -> str:
    """A duration in its two largest units."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{thousands(hours)} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
