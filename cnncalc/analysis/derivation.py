"""The working of one number: its formula, the substitution, every step, the result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.notation import LATEX, TEXT, Notation, written
from cnncalc.arithmetic.term import Term


class WrittenDerivation(NamedTuple):
    """A derivation in one notation. `formula` is empty if the number has none."""

    formula: str
    steps: tuple[str, ...]
    """The substitution, then each step; the last is the result."""

    @property
    def chain(self) -> tuple[str, ...]:
        """The terms between the equals signs."""
        return (self.formula, *self.steps) if self.formula else self.steps


class Derivation(NamedTuple):
    """The derivation of a number, as text and as LaTeX."""

    value: int
    text: WrittenDerivation
    latex: WrittenDerivation

    @property
    def is_bare(self) -> bool:
        """Whether the derivation is only a number."""
        return not self.text.formula


def derive(node: Formula) -> Derivation:
    """The derivation of a formula without reordering."""
    return Derivation(node.value, _write(node, TEXT), _write(node, LATEX))


def derive_size(size: int) -> Derivation:
    """The derivation of a traced size, in the order in which the rule computes it."""
    return derive(algebra.formula(size))


def derive_sum(terms: Iterable[int]) -> Derivation:
    """The derivation of a sum of products, with common factors extracted."""
    return derive(sum_of(terms))


def sum_of(terms: Iterable[int]) -> Formula:
    """The factored sum of traced numbers, without zeros."""
    parts = [algebra.formula(term) for term in terms if int(term) or isinstance(term, Term)]
    return algebra.factored(algebra.total(parts)) if parts else algebra.number(0)


def _write(node: Formula, notation: Notation) -> WrittenDerivation:
    steps = tuple(written(algebra.working(node), notation))
    return WrittenDerivation("" if node.kind == "number" else notation.write(node), steps)
