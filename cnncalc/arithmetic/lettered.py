"""An integer that knows its value for other sizes of the input: its form in letters.

The rules of layers run on it as on any integer, at one choice of sizes. Every comparison that decides how a rule goes
on is noted, so that the forms hold wherever all noted comparisons have the same outcome.

>>> seen = Noted()
>>> H = Lettered.of("H", 32, seen)
>>> size = (H - 5) // 2 + 1 if H >= 5 else 0
>>> int(size), value_of(form_of(size), {"H": 100}), [str(each.relation) for each in seen.conditions]
(14, 48, ['>='])
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.arithmetic.linear_form import (
    LinearForm,
    add,
    common_divisor,
    extreme,
    floor_of,
    letter,
    multiply,
    quotient,
    scaled,
    subtract,
    whole,
)
from cnncalc.arithmetic.linear_form import value_of as value_of
from cnncalc.arithmetic.no_form import NoFormError
from cnncalc.arithmetic.term import Term


class NotedCondition(NamedTuple):
    """A comparison of a form with 0 that holds: `>=`, `==` or `!=`."""

    form: LinearForm
    relation: str


_LIMITS = 2**64
"""Constants from here on are limits on the number of elements."""


class Noted:
    """The comparisons so far, each once."""

    def __init__(self) -> None:
        self._conditions: dict[NotedCondition, None] = {}

    @property
    def conditions(self) -> tuple[NotedCondition, ...]:
        return tuple(self._conditions)

    def note(self, form: LinearForm, relation: str) -> None:
        """Keep a condition, unless it is constant, or the limit of what a spec may describe."""
        if not form.is_constant and abs(form.constant) < _LIMITS:
            self._conditions[NotedCondition(form, relation)] = None


class Lettered(Term):
    """A number with its form. Operations on it give such numbers; operations that have no form raise NoFormError."""

    noted: Noted
    _form: LinearForm | None

    @property
    def form(self) -> LinearForm:
        """The form, which a sum collects when it is first asked for, from all of its terms at once."""
        if self._form is None:
            terms: list[int] = []
            rest: int = self
            while isinstance(rest, Lettered) and rest._form is None:
                terms.append(rest.parts[1])
                rest = rest.parts[0]
            self._form = add(*map(form_of, reversed([*terms, rest])))
        return self._form

    @classmethod
    def of(cls, name: str, value: int, noted: Noted) -> Lettered:
        """A letter with the size at which the rules run."""
        return cls._with(value, letter(name), noted)

    @classmethod
    def _with(
        cls, value: int, form: LinearForm | None, noted: Noted, parts: tuple[int, ...] = ()
    ) -> Lettered:  # fmt: skip
        made = cls(value, "leaf", parts)
        assert isinstance(made, Lettered)
        made._form = form
        made.noted = noted
        return made

    def made(self, value: int, operator: str, parts: tuple[int, ...]) -> Term:
        if operator == "+":
            return self._with(value, None, self.noted, parts)
        return self._with(value, _result(operator, [form_of(part) for part in parts]), self.noted)

    def divisor_with(self, other: int) -> int:
        return self._with(super().divisor_with(other), common_divisor(self.form, form_of(other)), self.noted)

    def __repr__(self) -> str:
        """Unequal for unequal forms: memories have texts of values as keys."""
        return f"{int(self)} = {self.form}"

    def __str__(self) -> str:
        return str(int(self))

    def __format__(self, form: str) -> str:
        return format(int(self), form)

    def __neg__(self) -> Lettered:
        return self._with(-int(self), scaled(self.form, -1), self.noted)

    def __divmod__(self, other: int) -> tuple[int, int]:
        return self // other, self % other

    def __pow__(self, exponent: int, modulus: int | None = None) -> Lettered:  # type: ignore[override]
        form = whole(1)
        for _ in range(exponent):
            form = multiply(form, self.form)
        return self._with(int(self) ** exponent, form, self.noted)

    def __truediv__(self, other: object) -> float:
        raise NoFormError("a quotient that is not whole")

    __rtruediv__ = __truediv__

    def __bool__(self) -> bool:
        return self != 0

    def __hash__(self) -> int:
        return hash((int(self), self.form))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, int):
            return False
        is_equal = int(self) == int(other)
        self.noted.note(subtract(self.form, form_of(other)), "==" if is_equal else "!=")
        return is_equal

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __ge__(self, other: int) -> bool:
        return self._is_at_least(self.form, form_of(other), int(self) >= int(other))

    def __le__(self, other: int) -> bool:
        return self._is_at_least(form_of(other), self.form, int(self) <= int(other))

    def __lt__(self, other: int) -> bool:
        return not self >= other

    def __gt__(self, other: int) -> bool:
        return not self <= other

    def _is_at_least(self, one: LinearForm, other: LinearForm, holds: bool) -> bool:
        """Note whether one form is at least the other, which is the outcome."""
        form = subtract(one, other) if holds else add(subtract(other, one), whole(-1))
        self.noted.note(form, ">=")
        return holds


def form_of(number: int) -> LinearForm:
    """The form of a number; a plain one is constant. Raises NoFormError for anything else."""
    if isinstance(number, Lettered):
        return number.form
    if not isinstance(number, int):
        raise NoFormError(f"a product with {number}, which is not whole")
    return whole(int(number))


def _result(operator: str, forms: list[LinearForm]) -> LinearForm:
    if operator in ("max", "min"):
        return extreme(operator, forms)
    one, other = forms
    if operator == "-":
        return subtract(one, other)
    if operator == "*":
        return multiply(one, other)
    if operator == "%":
        return subtract(one, multiply(quotient(one, other), other))
    if operator == "ceil":
        if other.is_constant and other.constant > 0:
            return floor_of(add(one, whole(other.constant - 1)), other.constant)
        return scaled(quotient(scaled(one, -1), other), -1)
    return quotient(one, other)
