"""Python's functions on values that are looped over: sorted, zip, map, any, sum, max and others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import operators, ordering
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.steps import weigh
from cnncalc.source.values import CallGiven, Outside, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

Native = Callable[["Interpreter", CallGiven], object]


def values_of(interpreter: Interpreter, given: CallGiven, place: int = 0) -> list[object]:
    """The values of an argument that is looped over."""
    if len(given.values) <= place:
        raise Raised("TypeError", "an argument is missing", given.place)
    found = list(operators.iterate(interpreter, given.values[place], given.place))
    interpreter.steps.check_length(len(found))
    return found


def sort(interpreter: Interpreter, given: CallGiven) -> object:
    return ordering.sorted_values(interpreter, values_of(interpreter, given), given)


def zip_(interpreter: Interpreter, given: CallGiven) -> object:
    """Tuples up to the shortest argument; one may be endless."""
    try:
        parts = [operators.iterate(interpreter, each, given.place) for each in given.values]
        return iter(list(zip(*parts, strict=False)))
    except CannotFollow as reason:
        return Unfollowed(reason.reason, reason.place)


def enumerate_(interpreter: Interpreter, given: CallGiven) -> object:
    start = given.values[1] if len(given.values) > 1 else given.keywords.get("start", 0)
    try:
        values = values_of(interpreter, given)
    except CannotFollow as reason:
        return Unfollowed(reason.reason, reason.place)
    return iter([(start + index, each) for index, each in enumerate(values)])  # type: ignore[operator]


def map_(interpreter: Interpreter, given: CallGiven) -> object:
    function, *containers = given.values
    parts = [operators.iterate(interpreter, each, given.place) for each in containers]
    rows = zip(*parts, strict=False)
    return iter([interpreter.call(function, CallGiven(list(row), {}, given.place)) for row in rows])


def filter_(interpreter: Interpreter, given: CallGiven) -> object:
    function, found = given.values[0], []
    for each in values_of(interpreter, given, 1):
        test = each if function is None else interpreter.call(function, CallGiven([each], {}, given.place))
        holds = operators.truth(interpreter, test, given.place)
        if isinstance(holds, Unfollowed):
            return holds
        if holds:
            found.append(each)
    return iter(found)


def reversed_(interpreter: Interpreter, given: CallGiven) -> object:
    return iter(values_of(interpreter, given)[::-1])


def iter_(interpreter: Interpreter, given: CallGiven) -> object:
    value = given.values[0] if given.values else None
    if hasattr(value, "__next__") or isinstance(value, Unfollowed):
        return value
    return iter(values_of(interpreter, given))


def next_(interpreter: Interpreter, given: CallGiven) -> object:
    value, *default = given.values
    if isinstance(value, Unfollowed) or not hasattr(value, "__next__"):
        return value if isinstance(value, Unfollowed) else Unfollowed("next(…)", given.place)
    for each in operators.iterate(interpreter, value, given.place):
        return each
    if default:
        return default[0]
    raise Raised("StopIteration", "", given.place)


def all_or_any(decides: bool) -> Native:
    """`any` (decided by a true value) and `all` (decided by a false one)."""

    def called(interpreter: Interpreter, given: CallGiven) -> object:
        unknown: Unfollowed | None = None
        for each in values_of(interpreter, given):
            found = operators.truth(interpreter, each, given.place)
            if isinstance(found, Unfollowed):
                unknown = unknown or found
            elif found is decides:
                return decides
        return unknown or not decides

    return called


def sum_(interpreter: Interpreter, given: CallGiven) -> object:
    import ast

    total = given.values[1] if len(given.values) > 1 else given.keywords.get("start", 0)
    for each in values_of(interpreter, given):
        is_first = total == 0 and isinstance(total, int) and isinstance(each, Outside)
        total = each if is_first else operators.binary(interpreter, ast.Add, total, each, given.place)
    return total


def most_or_least(function: Callable[..., Any]) -> Native:
    """`max` and `min`."""

    def called(interpreter: Interpreter, given: CallGiven) -> object:
        values = given.values if len(given.values) > 1 else values_of(interpreter, given)
        for each in values:
            if isinstance(each, Unfollowed):
                return each
            if isinstance(each, Outside | PyInstance) and "key" not in given.keywords:
                return Unfollowed(f"{function.__name__}(…)", given.place)
        if not values and "default" in given.keywords:
            return given.keywords["default"]
        keys = values
        if key := given.keywords.get("key"):
            keys = [interpreter.call(key, CallGiven([each], {}, given.place)) for each in values]
        if weigh(keys)[1] is not None:
            return Unfollowed(f"{function.__name__}(…)", given.place)
        place: Any = operators.computed(given.place, lambda: function(range(len(keys)), key=keys.__getitem__))
        return values[place]

    return called
