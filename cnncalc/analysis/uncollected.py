"""A pause of Python's search for cyclic garbage while many objects are made that all stay.

Every so many new objects, Python looks at those that exist for cycles that nothing refers to. A graph and its report
have none, so for a large network a fifth of the time is spent in vain. Source: Python, Garbage Collector interface.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def uncollected(function: Callable[P, T]) -> Callable[P, T]:
    """The function with the search paused during a call, unless the caller has paused it.

    Threads may call it at the same time: whoever paused the search resumes it, at worst before another has finished.
    """

    @wraps(function)
    def paused(*args: P.args, **kwargs: P.kwargs) -> T:
        if not gc.isenabled():
            return function(*args, **kwargs)
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            gc.enable()

    return paused
