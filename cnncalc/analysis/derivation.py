"""The working of one number: its formula, the substitution, every step, the result."""

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.notation import LATEX, TEXT, Notation, written


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
    """The derivation of a number: its formula, and the formulas that lead from it to the number."""

    value: int
    formula: Formula
    steps: tuple[Formula, ...]

    def written(self, notation: Notation) -> WrittenDerivation:
        steps = tuple(written(self.steps, notation))
        return WrittenDerivation("" if self.is_bare else notation.write(self.formula), steps)

    @property
    def text(self) -> WrittenDerivation:
        return self.written(TEXT)

    @property
    def latex(self) -> WrittenDerivation:
        return self.written(LATEX)

    @property
    def is_bare(self) -> bool:
        """Whether the derivation is only a number."""
        return self.formula.kind == "number"


def derive(node: Formula) -> Derivation:
    """The derivation of a formula without reordering."""
    node = algebra.plain(node)
    return Derivation(node.value, node, tuple(algebra.working(node)))


def derive_size(size: int) -> Derivation:
    """The derivation of a traced size, in the order in which the rule computes it."""
    return derive(algebra.formula(size))


def derive_collected(node: Formula) -> Derivation:
    """The derivation of a sum with equal products counted: T·n·n + T·n·n is 2·T·n·n."""
    return derive(algebra.collected(node))


def derive_sum(terms: Iterable[int]) -> Derivation:
    """The derivation of a sum of products, with common factors extracted."""
    return derive(sum_of(terms))


def sum_of(terms: Iterable[int]) -> Formula:
    """The factored sum of traced numbers, without zeros."""
    return factored_sum(map(algebra.formula, terms))


def factored_sum(formulas: Iterable[Formula]) -> Formula:
    """The sum of formulas, with common factors extracted, without zeros."""
    parts = [part for part in formulas if part.value or part.kind != "number"]
    return algebra.factored(algebra.total(parts)) if parts else algebra.number(0)
