"""Whole numbers that depend on letters: sums of products of letters and rounded quotients, exact and simplified.

A `LinearForm` is a sum of terms, each a whole coefficient and some factors. Sums and differences collect like terms.
A product keeps its factors: (H − 2)·(W − 2) is not expanded. A quotient by a number is a `FloorOf`, from which whole
parts are taken out, and nested ones are joined: ⌊(⌊(H + a)/d⌋ + b)/e⌋ = ⌊(H + a + b·d)/(d·e)⌋ for whole a, b and
positive d, e (Graham, Knuth & Patashnik, Concrete Mathematics, equation 3.11).

>>> H = letter("H")
>>> once = floor_of(add(H, whole(-5)), 2)
>>> twice = floor_of(add(once, whole(1)), 2)
>>> [value_of(twice, {"H": size}) for size in (7, 8, 9)], [((size - 5) // 2 + 1) // 2 for size in (7, 8, 9)]
([1, 1, 1], [1, 1, 1])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import gcd, lcm, prod
from typing import NamedTuple

from cnncalc.arithmetic.no_form import NoFormError


class LinearForm(NamedTuple):
    """Terms with their coefficients, none of which is 0, in the order of their keys; equal forms are equal tuples."""

    terms: tuple[FormTerm, ...]

    @property
    def constant(self) -> int:
        """The term without factors."""
        return next((coefficient for factors, coefficient in self.terms if not factors), 0)

    @property
    def varying(self) -> tuple[FormTerm, ...]:
        """The terms with factors."""
        return tuple(term for term in self.terms if term[0])

    @property
    def is_constant(self) -> bool:
        return not self.varying


class FloorOf(NamedTuple):
    """⌊form/divisor⌋, with coefficients and a constant from 0 to below the divisor."""

    form: LinearForm
    divisor: int


class Extreme(NamedTuple):
    """The largest or the smallest of several forms, or their greatest common divisor."""

    word: str
    """`max`, `min` or `gcd`."""
    forms: tuple[LinearForm, ...]


FormFactor = str | FloorOf | Extreme | LinearForm
"""A letter, a rounded quotient, an extreme, or a sum in parentheses."""

FormTerm = tuple[tuple[FormFactor, ...], int]


def whole(number: int) -> LinearForm:
    """A constant."""
    return LinearForm((((), number),) if number else ())


def letter(name: str) -> LinearForm:
    """A letter alone."""
    return LinearForm((((name,), 1),))


def _collected(terms: Iterable[FormTerm]) -> LinearForm:
    found: dict[tuple[FormFactor, ...], int] = {}
    for factors, coefficient in terms:
        found[factors] = found.get(factors, 0) + coefficient
    kept = ((factors, coefficient) for factors, coefficient in found.items() if coefficient)
    return LinearForm(tuple(sorted(kept, key=lambda term: (-len(term[0]), repr(term[0])))))


def add(*forms: LinearForm) -> LinearForm:
    """The sum, with like terms collected, and X − ⌊X/2⌋ written as ⌈X/2⌉, which can be joined with other quotients."""
    found = _collected(term for form in forms for term in form.terms)
    for factors, number in found.terms:
        if number < 0 and len(factors) == 1 and isinstance(factors[0], FloorOf) and factors[0].divisor % 2 == 0:
            whole_part, rest = _halves(factors[0])
            if _contains(found, scaled(whole_part, -number)):
                others = _collected([*found.terms, (factors, -number), *scaled(whole_part, number).terms])
                return add(others, scaled(rest, -number))
    return found


def _halves(half: FloorOf) -> tuple[LinearForm, LinearForm]:
    """The X of a half ⌊(X + r)/2⌋, where r is 0 or 1, and the rest X − ⌊(X + r)/2⌋ = ⌊(X + 1 − r)/2⌋."""
    divisor = half.divisor // 2
    extra = divisor if half.form.constant >= divisor else 0
    inner = _collected([*half.form.terms, ((), -extra)])
    part = inner if divisor == 1 else LinearForm((((FloorOf(inner, divisor),), 1),))
    rest = FloorOf(_collected([*inner.terms, ((), divisor - extra)]), half.divisor)
    return part, LinearForm((((rest,), 1),))


def _contains(form: LinearForm, part: LinearForm) -> bool:
    """Whether each term of a part is in a form, with at least its coefficient."""
    numbers = dict(form.terms)
    return all(numbers.get(factors, 0) >= number > 0 for factors, number in part.terms)


def scaled(form: LinearForm, number: int) -> LinearForm:
    if not number:
        return whole(0)
    return LinearForm(tuple((factors, coefficient * number) for factors, coefficient in form.terms))


def subtract(one: LinearForm, other: LinearForm) -> LinearForm:
    return add(one, scaled(other, -1))


def multiply(one: LinearForm, other: LinearForm) -> LinearForm:
    """The product; a sum of several terms becomes a factor in parentheses, without the divisor of its coefficients."""
    if one.is_constant or other.is_constant:
        constant, rest = (one, other) if one.is_constant else (other, one)
        return scaled(rest, constant.constant)
    factors: list[FormFactor] = []
    coefficient = 1
    for form in (one, other):
        shared = gcd(*(number for _, number in form.terms))
        coefficient *= shared
        if len(form.terms) == 1:
            coefficient *= form.terms[0][1] // shared
            factors += form.terms[0][0]
        else:
            factors.append(LinearForm(tuple((each, number // shared) for each, number in form.terms)))
    return LinearForm(((tuple(sorted(factors, key=repr)), coefficient),))


def floor_of(form: LinearForm, divisor: int) -> LinearForm:
    """⌊form/divisor⌋, simplified."""
    if divisor < 0:
        return floor_of(scaled(form, -1), -divisor)
    if divisor == 0:
        raise NoFormError("a division by zero")
    outside = LinearForm(tuple((factors, number // divisor) for factors, number in form.terms if number // divisor))
    inside = [(factors, number % divisor) for factors, number in form.terms if factors and number % divisor]
    rest = form.constant % divisor
    if not inside:
        return outside
    shared = gcd(divisor, *(number for _, number in inside))
    if shared > 1:
        reduced = LinearForm(tuple((factors, number // shared) for factors, number in inside))
        return add(outside, floor_of(add(reduced, whole(rest // shared)), divisor // shared))
    (factors, number), *more = inside
    if not more and number == 1 and len(factors) == 1 and isinstance(factors[0], FloorOf):
        inner = factors[0]
        joined = add(inner.form, whole(rest * inner.divisor))
        return add(outside, floor_of(joined, divisor * inner.divisor))
    return add(outside, LinearForm((((FloorOf(add(LinearForm(tuple(inside)), whole(rest)), divisor),), 1),)))


def quotient(form: LinearForm, divisor: LinearForm) -> LinearForm:
    """⌊form/divisor⌋ for a number, or for a factor of the form. Raises NoFormError for other divisors."""
    if divisor.is_constant:
        return floor_of(form, divisor.constant)
    if form == divisor:
        return whole(1)
    if len(form.terms) == 1 == len(divisor.terms):
        (factors, number), (divisors, by) = form.terms[0], divisor.terms[0]
        left = list(factors)
        for factor in divisors:
            if factor not in left:
                break
            left.remove(factor)
        else:
            if number % by == 0:
                return LinearForm(((tuple(left), number // by),))
    raise NoFormError("a quotient by a size with letters")


def extreme(word: str, forms: Iterable[LinearForm]) -> LinearForm:
    """The largest (`max`) or smallest (`min`) of some forms; one that is always it alone."""
    kept: list[LinearForm] = []
    for form in dict.fromkeys(forms):
        if any(_is_beyond(word, other, form) for other in kept):
            continue
        kept = [other for other in kept if not _is_beyond(word, form, other)] + [form]
    return kept[0] if len(kept) == 1 else LinearForm((((Extreme(word, tuple(sorted(kept, key=repr))),), 1),))


def common_divisor(one: LinearForm, other: LinearForm) -> LinearForm:
    """The greatest common divisor; of 1 and any size it is 1, of equal sizes it is the size."""
    if one.is_constant and other.is_constant:
        return whole(gcd(one.constant, other.constant))
    if one == other or whole(1) in (one, other):
        return one if one in (other, whole(1)) else other
    return LinearForm((((Extreme("gcd", (one, other)),), 1),))


def _is_beyond(word: str, one: LinearForm, other: LinearForm) -> bool:
    """Whether one form is never less than (`min`: more than) the other."""
    difference = subtract(one, other) if word == "max" else subtract(other, one)
    return least(difference) >= 0


def least(form: LinearForm, lows: Mapping[str, int] | None = None) -> float:
    """A lower bound for letters from 1, or from `lows` on; −∞ without a simple bound."""
    names = letters_of(form)
    period = period_of(form)
    if len(names) == 1 and period and slope(form, period) == 0:
        (name,) = names
        return min(value_of(form, {name: size}) for size in range(1, period + 1))
    lows = lows or dict.fromkeys(names, 1)
    if all(number > 0 and _grows(factors, lows) for factors, number in form.varying):
        return value_of(form, lows)
    return float("-inf")


def _grows(factors: tuple[FormFactor, ...], lows: Mapping[str, int]) -> bool:
    """Whether a product never decreases in any letter, and is never negative."""
    return all(isinstance(each, str) or least(_inner(each), lows) >= 0 for each in factors)


def _inner(factor: FormFactor) -> LinearForm:
    """The form that decides the sign and the growth of a factor; one without a bound for an extreme."""
    if isinstance(factor, FloorOf):
        return factor.form
    return factor if isinstance(factor, LinearForm) else LinearForm((((factor,), -1),))


def letters_of(form: LinearForm) -> frozenset[str]:
    return frozenset(_letters(form))


def _letters(form: LinearForm) -> Iterator[str]:
    for factors, _ in form.terms:
        for factor in factors:
            if isinstance(factor, str):
                yield factor
            elif isinstance(factor, FloorOf):
                yield from _letters(factor.form)
            else:
                for inner in (factor,) if isinstance(factor, LinearForm) else factor.forms:
                    yield from _letters(inner)


_LONGEST_PERIOD = 4096


def period_of(form: LinearForm) -> int | None:
    """A p with form(L + p) = form(L) + a constant, for a form that is linear in one letter; None for others."""
    period = 1
    for factors, _ in form.terms:
        if len(factors) > 1:
            return None
        for factor in factors:
            inner = period_of(factor.form) if isinstance(factor, FloorOf) else 1 if isinstance(factor, str) else None
            if inner is None:
                return None
            assert not isinstance(factor, Extreme | LinearForm)
            period = lcm(period, inner * (factor.divisor if isinstance(factor, FloorOf) else 1))
    return period if period <= _LONGEST_PERIOD else None


def slope(form: LinearForm, period: int) -> int:
    """By how much a form in one letter grows over its period."""
    names = letters_of(form)
    return value_of(form, dict.fromkeys(names, 1 + period)) - value_of(form, dict.fromkeys(names, 1))


def value_of(form: LinearForm, sizes: Mapping[str, int]) -> int:
    """The number for given sizes of the letters."""
    return sum(number * prod(_factor_value(factor, sizes) for factor in factors) for factors, number in form.terms)


def _factor_value(factor: FormFactor, sizes: Mapping[str, int]) -> int:
    if isinstance(factor, str):
        return sizes[factor]
    if isinstance(factor, FloorOf):
        return value_of(factor.form, sizes) // factor.divisor
    if isinstance(factor, LinearForm):
        return value_of(factor, sizes)
    values = [value_of(form, sizes) for form in factor.forms]
    return _CHOICES[factor.word](values)


_CHOICES: Mapping[str, Callable[[list[int]], int]] = {"max": max, "min": min, "gcd": lambda values: gcd(*values)}
