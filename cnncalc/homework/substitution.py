"""Substitution in traced formulas: a part of a formula is replaced, and the value follows.

>>> from cnncalc.arithmetic.term import Term
>>> W, F = Term.leaf(32, "W"), Term.leaf(8, "F")
>>> int(replaced(W - F + 1, {"F": 5}))
28
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor, prod
from typing import Any, TypeVar

from cnncalc.arithmetic.term import Term, ceil_div, exact_div, largest, smallest
from cnncalc.diagnostics import Refusal

_T = TypeVar("_T")
Substitution = Callable[[Term], int | None]
"""A substitution: it returns what replaces a part of a formula, or None if the part stays."""


def rewritten(term: int, edit: Substitution) -> int:
    """The formula with the substitution made in every part, from the whole down to the leaves."""

    def joined(part: Term, parts: Sequence[int]) -> int:
        if all(new is old for new, old in zip(parts, part.parts, strict=True)):
            return part
        return combined(part.operator, tuple(parts))

    return _folded(term, edit, joined)


def _folded(term: int, given: Callable[[Term], _T | None], joined: Callable[[Term, Sequence[_T]], _T]) -> _T:
    """The result of `joined` for every part, from the leaves up, unless a part's result is `given`.

    Without recursion, because a sum over branches may have thousands of terms.
    """
    results: list[Any] = []
    stack: list[tuple[int, bool]] = [(term, False)]
    while stack:
        part, done = stack.pop()
        if done:
            assert isinstance(part, Term)
            count = len(part.parts)
            found = joined(part, results[-count:])
            del results[-count:]
            results.append(found)
        elif not isinstance(part, Term):
            results.append(part)
        elif (known := given(part)) is not None:
            results.append(known)
        elif not part.parts:
            results.append(part)
        else:
            stack.append((part, True))
            stack.extend((each, False) for each in reversed(part.parts))
    (result,) = results
    return result  # type: ignore[no-any-return]


def combined(operator: str, parts: tuple[int, ...]) -> int:
    """The operation on other parts. Raises Refusal for a division by 0."""
    if operator in ("max", "min"):
        return largest(*parts) if operator == "max" else smallest(*parts)
    one, other = parts
    if operator == "+":
        return one + other
    if operator == "-":
        return one - other
    if operator == "*":
        return one * other
    if int(other) < 1:
        raise Refusal("division by a number below 1")
    if operator == "//":
        return one // other
    if operator == "%":
        return one % other
    return ceil_div(one, other) if operator == "ceil" else exact_div(one, other)


def replaced(term: int, values: Mapping[str, int]) -> int:
    """The formula with other numbers for some of its symbols."""
    return rewritten(term, lambda part: values.get(part.symbol) if part.operator == "leaf" else None)


def leaves(term: int) -> Iterator[Term]:
    """The named numbers of a formula, from left to right."""
    stack = [term]
    while stack:
        one = stack.pop()
        if isinstance(one, Term):
            if one.operator == "leaf":
                yield one
            stack.extend(reversed(one.parts))


def contains(term: int, symbols: Collection[str]) -> bool:
    """Whether a formula contains one of these symbols."""
    return any(leaf.symbol in symbols for leaf in leaves(term))


def is_leaf(term: int, *symbols: str) -> bool:
    """Whether a formula is only a named number, with one of these symbols."""
    return isinstance(term, Term) and term.operator == "leaf" and (not symbols or term.symbol in symbols)


def is_literal(term: int, value: int) -> bool:
    """Whether a part of a formula is a number of the formula itself, such as the 1 in `+ 1`."""
    return not isinstance(term, Term) and term == value


def factors(term: int) -> list[int]:
    """The factors of a product, from left to right."""
    found: list[int] = []
    stack = [term]
    while stack:
        one = stack.pop()
        if isinstance(one, Term) and one.operator == "*":
            stack.extend(reversed(one.parts))
        else:
            found.append(one)
    return found


def addends(term: int) -> list[int]:
    """The terms of a sum, from left to right."""
    found: list[int] = []
    while isinstance(term, Term) and term.operator == "+":
        found.append(term.parts[1])
        term = term.parts[0]
    return [term, *reversed(found)]


def product_of(terms: Collection[int]) -> int:
    """The product of formulas; 1 without any."""
    return prod(terms)


def unrounded(term: int) -> Fraction:
    """The value of a formula without rounding."""
    found: int | Fraction = _folded(term, lambda _: None, _exactly)
    return Fraction(found)


def _exactly(part: Term, parts: Sequence[Fraction]) -> Fraction:
    """An operation on fractions."""
    if part.operator in ("max", "min"):
        return Fraction(max(parts) if part.operator == "max" else min(parts))
    one, other = map(Fraction, parts)
    if part.operator in ("//", "ceil", "/"):
        return one / other
    if part.operator == "%":
        return one - other * floor(one / other)
    return {"+": one + other, "-": one - other, "*": one * other}[part.operator]
