"""The search for cyclic garbage is paused during a call, and is afterwards as the caller left it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from cnncalc.analysis.uncollected import uncollected


@uncollected
def is_searching() -> bool:
    return gc.isenabled()


@pytest.fixture(params=[True, False], ids=["on", "off"])
def caller(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether the caller lets the search run."""
    if not request.param:
        gc.disable()
    yield request.param
    gc.enable()


def test_a_call(caller: bool) -> None:
    assert not is_searching()
    assert gc.isenabled() == caller


def test_a_call_that_fails(caller: bool) -> None:
    with pytest.raises(ZeroDivisionError):
        uncollected(lambda: 1 // 0)()
    assert gc.isenabled() == caller


def test_a_call_within_a_call() -> None:
    """The inner one, which does not pause the search, does not resume it either."""
    assert uncollected(lambda: (is_searching(), gc.isenabled()))() == (False, False)
    assert gc.isenabled()
