"""Forms in letters as formulas that the notations write."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.letter_range import HeldRange, LetterRange
from cnncalc.arithmetic.lettered import NotedCondition
from cnncalc.arithmetic.linear_form import Extreme, FloorOf, FormFactor, FormTerm, LinearForm, add, subtract, whole
from cnncalc.arithmetic.notation import LATEX, TEXT
from cnncalc.number_text import thousands


def as_formula(form: LinearForm) -> Formula:
    """The formula of a form: a constant beside a single quotient is written inside it, ⌊(H − 3)/2⌋."""
    quotients = [factors[0] for factors, number in form.terms if len(factors) == 1 and number == 1]
    inner = next((factor for factor in quotients if isinstance(factor, FloorOf)), None)
    if inner is not None and form.constant and len(form.varying) == 1:
        joined = add(inner.form, whole(form.constant * inner.divisor))
        return _quotient(joined, inner.divisor)
    terms = sorted(form.varying, key=lambda term: term[1] < 0)
    parts = [_term(term) for term in terms]
    if form.constant or not parts:
        parts.append(_signed(algebra.number(abs(form.constant)), form.constant))
    if parts[0].kind == "minus":  # all terms are negative
        parts[0] = algebra.product((algebra.number(-1), parts[0].parts[0]))
    return parts[0] if len(parts) == 1 else algebra.total(parts)


def _signed(node: Formula, number: int) -> Formula:
    return node if number >= 0 else Formula("minus", -node.value, (node,))


def _term(term: FormTerm) -> Formula:
    factors, number = term
    parts = [algebra.number(abs(number))] if abs(number) != 1 else []
    parts += [_factor(factor) for factor in sorted(factors, key=lambda factor: not isinstance(factor, str))]
    return _signed(algebra.product(parts), number)


def _factor(factor: FormFactor) -> Formula:
    if isinstance(factor, str):
        return Formula("leaf", 0, (), factor)
    if isinstance(factor, LinearForm):
        return as_formula(factor)
    if isinstance(factor, Extreme):
        return Formula(factor.word, 0, tuple(map(as_formula, factor.forms)))
    return _quotient(factor.form, factor.divisor)


def _quotient(form: LinearForm, divisor: int) -> Formula:
    """A quotient, rounded up where that needs no constant: ⌊(H + 1)/2⌋ is ⌈H/2⌉."""
    if form.constant == divisor - 1:
        bare = subtract(form, whole(form.constant))
        return Formula("ceil", 0, (as_formula(bare), algebra.number(divisor)))
    return Formula("floor", 0, (as_formula(form), algebra.number(divisor)))


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
