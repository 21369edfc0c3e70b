"""Forms in letters as formulas that the notations write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import reduce
from typing import NamedTuple

from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.letter_range import HeldRange, LetterRange
from cnncalc.arithmetic.lettered import NotedCondition
from cnncalc.arithmetic.linear_form import (
    Extreme,
    FloorOf,
    FormFactor,
    FormTerm,
    LinearForm,
    add,
    multiply,
    subtract,
    whole,
)
from cnncalc.arithmetic.notation import LATEX, TEXT
from cnncalc.number_text import thousands


def as_formula(form: LinearForm, held: HeldRange = HeldRange(())) -> Formula:  # noqa: B008
    """The formula of a form: a constant beside a single quotient is written inside it, ⌊(H − 3)/2⌋.

    A quotient that is whole for all sizes of the range `held` is written without rounding.
    """
    return _Writer({each.name: each for each in held.letters}).formula(form)


class _Writer(NamedTuple):
    """Writes forms whose letters have ranges."""

    letters: Mapping[str, LetterRange]

    def formula(self, form: LinearForm) -> Formula:
        form = add(*map(self._resolved, form.terms))
        quotients = [factors[0] for factors, number in form.terms if len(factors) == 1 and number == 1]
        inner = next((factor for factor in quotients if isinstance(factor, FloorOf)), None)
        if inner is not None and form.constant and len(form.varying) == 1:
            joined = add(inner.form, whole(form.constant * inner.divisor))
            return self._quotient(joined, inner.divisor)
        terms = sorted(form.varying, key=lambda term: (term[1] < 0, max(map(_divisor, term[0]))))
        parts = [self._term(term) for term in terms]
        if form.constant or not parts:
            parts.append(_signed(algebra.number(abs(form.constant)), form.constant))
        if parts[0].kind == "minus":  # all terms are negative
            parts[0] = algebra.product((algebra.number(-1), parts[0].parts[0]))
        return parts[0] if len(parts) == 1 else algebra.total(parts)

    def _resolved(self, term: FormTerm) -> LinearForm:
        """A term without the quotients that are whole, and whose divisor its coefficient has: 6·⌊H/2⌋ is 3·H."""
        factors, number = term
        kept: list[FormFactor] = []
        for factor in factors:
            rest = self._remainder(factor.form, factor.divisor) if isinstance(factor, FloorOf) else None
            if rest is not None and isinstance(factor, FloorOf) and number % factor.divisor == 0:
                number //= factor.divisor
                factor = subtract(factor.form, whole(rest))
            kept.append(factor)
        forms = (each if isinstance(each, LinearForm) else LinearForm((((each,), 1),)) for each in kept)
        return reduce(multiply, forms, whole(number))

    def _term(self, term: FormTerm) -> Formula:
        factors, number = term
        parts = [algebra.number(abs(number))] if abs(number) != 1 else []
        powers = Counter(sorted(factors, key=lambda factor: not isinstance(factor, str)))
        parts += [self._power(factor, exponent) for factor, exponent in powers.items()]
        return _signed(algebra.product(parts), number)

    def _power(self, factor: FormFactor, exponent: int) -> Formula:
        base = self._factor(factor)
        return base if exponent == 1 else Formula("power", parts=(base, algebra.number(exponent)))

    def _factor(self, factor: FormFactor) -> Formula:
        if isinstance(factor, str):
            return Formula("leaf", symbol=factor)
        if isinstance(factor, LinearForm):
            return self.formula(factor)
        if isinstance(factor, Extreme):
            return Formula(factor.word, parts=tuple(map(self.formula, factor.forms)))
        return self._quotient(factor.form, factor.divisor)

    def _quotient(self, form: LinearForm, divisor: int) -> Formula:
        """A quotient, rounded up where that needs no constant: ⌊(H + 1)/2⌋ is ⌈H/2⌉."""
        rest = self._remainder(form, divisor)
        if rest is not None:
            return Formula("exact", parts=(self.formula(subtract(form, whole(rest))), algebra.number(divisor)))
        if form.constant == divisor - 1:
            bare = subtract(form, whole(form.constant))
            return Formula("ceil", parts=(self.formula(bare), algebra.number(divisor)))
        return Formula("floor", parts=(self.formula(form), algebra.number(divisor)))

    def _remainder(self, form: LinearForm, divisor: int) -> int | None:
        """The remainder of a division, if it is the same for all sizes: those of one letter with a single remainder."""
        if len(form.varying) != 1:
            return None
        (factors, number) = form.varying[0]
        held = self.letters.get(factors[0]) if len(factors) == 1 and isinstance(factors[0], str) else None
        if held is None or len(held.remainders) != 1 or number * held.divisor % divisor:
            return None
        return (number * next(iter(held.remainders)) + form.constant) % divisor


def _divisor(factor: FormFactor) -> int:
    """The divisor of a quotient, by which terms are sorted; 1 for other factors."""
    return factor.divisor if isinstance(factor, FloorOf) else 1


def _signed(node: Formula, number: int) -> Formula:
    return node if number >= 0 else Formula("minus", -node.value, (node,))


_SIGNS: Mapping[str, tuple[str, str]] = {">=": ("≥", r"\ge"), "==": ("=", "="), "!=": ("≠", r"\ne")}
_MOST_REMAINDERS = 6


def range_texts(held: HeldRange, *, latex: bool = False) -> list[str]:
    """The ranges of the letters, and the other conditions, as one text each."""
    ranges = [text for each in held.letters for text in (_latex_range(each) if latex else _range(each))]
    return [*ranges, *(_condition(condition, latex=latex) for condition in held.others)]


def _range(held: LetterRange) -> list[str]:
    name, texts = held.name, []
    if held.high is not None:
        texts.append(f"{thousands(held.low)} ≤ {name} ≤ {thousands(held.high)}")
    elif held.low > 1:
        texts.append(f"{name} ≥ {thousands(held.low)}")
    if held.remainders == {0} and held.divisor > 1:
        texts.append(f"{name} divisible by {thousands(held.divisor)}")
    elif held.divisor > 1:
        relation = "=" if len(held.remainders) == 1 else "in"
        texts.append(f"{name} mod {thousands(held.divisor)} {relation} {_remainders(held)}")
    return texts


def _latex_range(held: LetterRange) -> list[str]:
    name, texts = held.name, []
    if held.high is not None:
        texts.append(rf"{held.low} \le {name} \le {held.high}")
    elif held.low > 1:
        texts.append(rf"{name} \ge {held.low}")
    if held.divisor > 1 and len(held.remainders) == 1:
        texts.append(rf"{name} \equiv {_remainders(held)} \pmod{{{held.divisor}}}")
    elif held.divisor > 1:
        texts.append(rf"{name} \bmod {held.divisor} \in \{{{_remainders(held)}\}}")
    return texts


def _remainders(held: LetterRange) -> str:
    known = sorted(held.remainders)
    return ", ".join(map(str, known[:_MOST_REMAINDERS])) + (", …" if len(known) > _MOST_REMAINDERS else "")


def _condition(condition: NotedCondition, *, latex: bool) -> str:
    """A comparison with the negative terms on the other side."""
    terms = condition.form.terms
    left = LinearForm(tuple(term for term in terms if term[1] > 0))
    right = LinearForm(tuple((factors, -number) for factors, number in terms if number < 0))
    notation = LATEX if latex else TEXT
    sign = _SIGNS[condition.relation][latex]
    return f"{notation.write(as_formula(left))} {sign} {notation.write(as_formula(right))}"
