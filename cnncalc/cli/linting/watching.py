"""Rerunning a command whenever its files change."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import click

from cnncalc.cli._console import note, print_diagnostics
from cnncalc.diagnostics import SpecError

INTERVAL = 0.5
"""Seconds between two checks of the files."""
INTERRUPTED = 130
"""The exit code if not even the first run completed."""
_OUTCOMES: Mapping[int, str] = {0: "no findings above the limits", 1: "findings", 2: "unusable file or configuration"}


def watch(once: Callable[[], None], state: Callable[[], object]) -> int:
    """Run `once`, and again after every change of `state()`, until Ctrl-C.

    Returns the exit code of the last complete run. On a terminal, each run clears the screen first. The time and the
    outcome go to stderr.
    """
    code = INTERRUPTED
    try:
        while True:
            seen = state()  # before the run, so that changes during it trigger another
            click.clear()  # has no effect if stdout is not a terminal
            code = _code_of(once)
            note(f"{time.strftime('%H:%M:%S')}  {_OUTCOMES.get(code, '')}; waiting for changes, Ctrl-C to stop")
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
