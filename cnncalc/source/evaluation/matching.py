"""`match`: patterns of values, classes and sequences. One that is unknown makes the choice unknown."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import attributes, operators
from cnncalc.source.signals import CannotFollow
from cnncalc.source.values import CallGiven, CodePlace, Unfollowed
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

Fit = bool | Unfollowed
PatternHandler = Callable[["Interpreter", Any, object, Variables], Fit]


def match(interpreter: Interpreter, node: ast.Match, variables: Variables) -> None:
    """Run the first case whose pattern and guard hold."""
    value = interpreter.evaluate(node.subject, variables)
    for case in node.cases:
        fits = _fits(interpreter, case.pattern, value, variables)
        if fits is True and case.guard is not None:
            guard = interpreter.evaluate(case.guard, variables)
            fits = operators.truth(interpreter, guard, CodePlace(variables.file, case.guard))
        if isinstance(fits, Unfollowed):
            raise CannotFollow(f"a choice that is not known ({fits.reason})", CodePlace(variables.file, node.subject))
        if fits:
            interpreter.run(case.body, variables)
            return


def _fits(interpreter: Interpreter, pattern: ast.pattern, value: object, variables: Variables) -> Fit:
    """Whether a value has a pattern, whose names it gives values to."""
    interpreter.steps.spend()
    handler = _PATTERNS.get(type(pattern))
    if handler is None:
        return Unfollowed(type(pattern).__name__, CodePlace(variables.file, pattern))
    return handler(interpreter, pattern, value, variables)


def _any_value(interpreter: Interpreter, pattern: ast.MatchAs, value: object, variables: Variables) -> Fit:
    """`case _`, `case name`, and `case pattern as name`."""
    fits = True if pattern.pattern is None else _fits(interpreter, pattern.pattern, value, variables)
    if fits is True and pattern.name is not None:
        variables.put(pattern.name, value)
    return fits


def _equal(interpreter: Interpreter, pattern: ast.MatchValue, value: object, variables: Variables) -> Fit:
    place = CodePlace(variables.file, pattern)
    wanted = interpreter.evaluate(pattern.value, variables)
    found = operators.compare(interpreter, ast.Eq(), value, wanted, place)
    return operators.truth(interpreter, found, place)


def _constant(interpreter: Interpreter, pattern: ast.MatchSingleton, value: object, variables: Variables) -> Fit:
    return value if isinstance(value, Unfollowed) else value is pattern.value


def _one_of(interpreter: Interpreter, pattern: ast.MatchOr, value: object, variables: Variables) -> Fit:
    for each in pattern.patterns:
        fits = _fits(interpreter, each, value, variables)
        if fits is not False:
            return fits
    return False


def _sequence(interpreter: Interpreter, pattern: ast.MatchSequence, value: object, variables: Variables) -> Fit:
    """`case [first, *rest]`: a list or tuple with as many values."""
    if isinstance(value, Unfollowed):
        return value
    if not isinstance(value, list | tuple):
        return False
    parts = pattern.patterns
    star = next((place for place, each in enumerate(parts) if isinstance(each, ast.MatchStar)), None)
    if star is None:
        return len(parts) == len(value) and _each_fits(interpreter, parts, value, variables)
    last = len(parts) - star - 1
    if len(value) < star + last:
        return False
    end = len(value) - last
    taken = parts[star]
    if isinstance(taken, ast.MatchStar) and taken.name is not None:
        variables.put(taken.name, list(value[star:end]))
    around = [*value[:star], *value[end:]]
    return _each_fits(interpreter, [*parts[:star], *parts[star + 1 :]], around, variables)


def _each_fits(
    interpreter: Interpreter, patterns: Sequence[ast.pattern], values: Sequence[object], variables: Variables
) -> Fit:  # fmt: skip
    for pattern, value in zip(patterns, values, strict=True):
        fits = _fits(interpreter, pattern, value, variables)
        if fits is not True:
            return fits
    return True


def _instance(interpreter: Interpreter, pattern: ast.MatchClass, value: object, variables: Variables) -> Fit:
    """`case Mode(width=w)`: an instance with attributes; a built-in type may have the value itself, `case int(n)`."""
    place = CodePlace(variables.file, pattern)
    kind = interpreter.evaluate(pattern.cls, variables)
    found = interpreter.call(interpreter.builtins["isinstance"], CallGiven([value, kind], {}, place))
    fits = operators.truth(interpreter, found, place)
    if fits is not True or not (pattern.patterns or pattern.kwd_attrs):
        return fits
    if pattern.patterns and not (isinstance(value, _WHOLE) and len(pattern.patterns) == 1):
        return Unfollowed("a pattern of positions", place)
    held = [attributes.look_up(interpreter, value, name, place) for name in pattern.kwd_attrs]
    if attributes.MISSING in held:
        return False
    parts = [*pattern.patterns, *pattern.kwd_patterns]
    return _each_fits(interpreter, parts, [*([value] if pattern.patterns else []), *held], variables)


_WHOLE = (int, float, str, bytes, list, tuple, dict, set, frozenset)
"""Types whose pattern may have one part, for the value itself."""
_PATTERNS: Mapping[type[ast.pattern], PatternHandler] = MappingProxyType({
    ast.MatchAs: _any_value, ast.MatchValue: _equal, ast.MatchSingleton: _constant, ast.MatchOr: _one_of,
    ast.MatchSequence: _sequence, ast.MatchClass: _instance,
})  # fmt: skip
"""The meaning of each kind of pattern."""
