"""The order of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import operators
from cnncalc.source.signals import CannotFollow
from cnncalc.source.steps import weigh
from cnncalc.source.values import CallGiven

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def sorted_values(interpreter: Interpreter, values: list[Any], given: CallGiven) -> list[Any]:
    """Values in order, by `key` if it is given. Raises CannotFollow for values that cannot be compared here."""
    interpreter.steps.check_length(len(values) * 8)
    key, is_reverse = given.keywords.get("key"), given.keywords.get("reverse", False)
    keys = values
    if key is not None:
        keys = [interpreter.call(key, CallGiven([each], {}, given.place)) for each in values]
    count, strange = weigh(keys, 100_000)
    if strange is not None or count > 100_000:
        raise CannotFollow("an order of these values", given.place)
    order = operators.computed(
        given.place, lambda: sorted(range(len(keys)), key=keys.__getitem__, reverse=bool(is_reverse))
    )
    return [values[index] for index in order]  # type: ignore[attr-defined]
