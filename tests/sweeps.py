"""Long sweeps: what a run tries a part of, and `-m sweep` the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def is_sweeping(config: pytest.Config) -> bool:
    """Whether the long sweeps were asked for, as by `-m sweep`."""
    return "sweep" in config.getoption("markexpr").replace("not sweep", "")


def sampled(values: Iterable[Any], every: int = 12, also: Collection[Any] = ()) -> list[Any]:
    """Parameters of which a run tries one in `every`, and those in `also`; the others are in the sweep.

    A tuple has the values of several parameters, as `parametrize` takes them.
    """
    return [
        value
        if number % every == 0 or value in also
        else pytest.param(*(value if type(value) is tuple else (value,)), marks=pytest.mark.sweep)
        for number, value in enumerate(values)
    ]
