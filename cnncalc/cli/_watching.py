"""Running a command again whenever what it depends on changes."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from cnncalc.cli._console import note, print_diagnostics
from cnncalc.diagnostics import SpecError

INTERVAL = 0.5
"""Seconds from one look at the files to the next."""
INTERRUPTED = 130
"""The exit code where not even the first run came to its end."""
_SAID = {0: "nothing found that counts", 1: "findings", 2: "something cannot be used"}


def watch(once: Callable[[], None], state: Callable[[], object]) -> int:
    """Run `once`, and again after every change of `state()`, until Ctrl-C; returns the exit code of the last whole run.

    On a terminal each run begins on a clear screen. The time and the outcome go to stderr.
    """
    code = INTERRUPTED
    try:
        while True:
            seen = state()  # before the run: what changes during it makes another
            click.clear()  # does nothing where stdout is no terminal
            code = _code_of(once)
            note(f"{time.strftime('%H:%M:%S')}  {_SAID.get(code, '')}; waiting for changes, Ctrl-C ends")
            while state() == seen:
                time.sleep(INTERVAL)
    except KeyboardInterrupt:
        return code


def _code_of(once: Callable[[], None]) -> int:
    try:
        once()
    except click.exceptions.Exit as done:
        return done.exit_code
    except SpecError as error:
        print_diagnostics(error.diagnostics)
        return 2
    return 0
