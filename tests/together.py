"""Many quick cases as one test: what pytest itself spends on a test is more than some cases take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from itertools import islice
from typing import Any

import pytest

from tests.sweeps import Collected

Test = Callable[..., None]
Names = Iterable[object] | Callable[[Any], object] | None


def for_each(
    names: str | tuple[str, ...], cases: Mapping[str, Any] | Iterable[Any], ids: Names = None, every: int = 1
) -> Callable[[Test], Test]:
    """Gives a test the arguments `names`, one case after the other; every case that fails is reported by its name.

    The cases are as `pytest.mark.parametrize` takes them, or in a mapping by their names. A normal run tries one in
    `every`, the sweep all.
    """
    own = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    rows = dict(cases) if isinstance(cases, Mapping) else _named(list(cases), ids)

    def declare(test: Test) -> Test:
        @wraps(test)
        def together(**fixtures: Any) -> None:
            failures: list[BaseException] = []
            step = 1 if Collected.sweep or Collected.whole_tables else every
            for key, case in islice(rows.items(), None, None, step):
                try:
                    test(**dict(zip(own, case if len(own) > 1 else [case], strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    error.add_note(f"{', '.join(own)}: {key}")
                    failures.append(error)
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {len(rows)} cases", failures)

        whole = inspect.signature(test)
        rest = [parameter for parameter in whole.parameters.values() if parameter.name not in own]
        together.__signature__ = whole.replace(parameters=rest)  # type: ignore[attr-defined]
        together.tables = (list(rows.values()), *tables(test))  # type: ignore[attr-defined]
        together.is_sampled = every > 1 or getattr(test, "is_sampled", False)  # type: ignore[attr-defined]
        return together

    return declare


def tables(test: Test) -> tuple[list[Any], ...]:
    """The tables of cases that a test runs together."""
    return getattr(test, "tables", ())


def _named(cases: list[Any], ids: Names) -> dict[str, Any]:
    if callable(ids):
        ids = map(ids, cases)
    names = cases if ids is None else ids
    return {f"{place} {str(name)[:200]}": case for place, (name, case) in enumerate(zip(names, cases, strict=True))}
