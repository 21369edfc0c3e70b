"""Many quick cases as one test: what pytest itself spends on a test is more than some cases take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any


def for_each(name: str, cases: Mapping[str, Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a test the argument `name`, one case after the other; every case that fails is reported by its key."""

    def declare(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def together(**fixtures: Any) -> None:
            failures = []
            for key, case in cases.items():
                try:
                    test(**{name: case}, **fixtures)
                except Exception as error:
                    error.add_note(f"{name}: {key}")
                    failures.append(error)
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(cases)} cases", failures)

        whole = inspect.signature(test)
        rest = [parameter for parameter in whole.parameters.values() if parameter.name != name]
        together.__signature__ = whole.replace(parameters=rest)  # type: ignore[attr-defined]
        return together

    return declare
