"""Long sweeps: what a run tries a part of, and `-m sweep` the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pytest


def is_sweeping(config: pytest.Config) -> bool:
    """Whether the long sweeps were asked for, as by `-m sweep`."""
    return "sweep" in config.getoption("markexpr").replace("not sweep", "")


def is_without_sweep(config: pytest.Config) -> bool:
    """Whether the long sweeps are deselected, as in the normal run."""
    return "not sweep" in config.getoption("markexpr")


class Collected:
    """Whether cases of the sweep are made at all: a normal run would make 3,000 tests and drop them again."""

    sweep = True
    whole_tables = False
    """Whether quick tables are tried whole without the sweeps, as by the tests of mutants."""


def sampled(values: Iterable[Any] | Mapping[str, Any], every: int = 12, also: Collection[Any] = ()) -> list[Any]:
    """Parameters of which a run tries one in `every`, and those in `also`; the others are in the sweep.

    A tuple has the values of several parameters, as `parametrize` takes them. A mapping has them by their names.
    """
    rows = values.items() if isinstance(values, Mapping) else ((None, value) for value in values)
    found = []
    for number, (name, value) in enumerate(rows):
        is_kept = number % every == 0 or value in also
        if is_kept or Collected.sweep:
            each = value if type(value) is tuple else (value,)
            found.append(pytest.param(*each, id=name, marks=() if is_kept else pytest.mark.sweep))
    return found
