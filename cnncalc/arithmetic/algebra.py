"""Formulas as trees that can be factored and evaluated step by step.

A `Term` records operations in the order of the rule's code; a `Formula` is the same computation in textbook form: sums
and products of any length, common factors factored out, quotients with their rounding.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from math import prod
from typing import NamedTuple

from cnncalc.arithmetic.term import Term

ATOMS = ("number", "result", "leaf", "figure")
_ARITHMETIC = (*ATOMS, "sum", "product", "minus")
_KINDS: Mapping[str, str] = {"//": "floor", "/": "exact", "%": "mod"}
"""The kinds of operators that do not have their own name."""


class Formula(NamedTuple):
    """One node: an atom, or an operation over `parts`.

    Atoms: `number`; `leaf`, a named number; `result`, an evaluated number; `figure`, the name of an earlier result.
    Operations: `sum`, whose parts may be `minus`; `product`; quotients `floor`, `ceil` and `exact`; `floored` and
    `ceiled`, a quotient that is divided but not yet rounded; `mod`, `max`, `min`.
    """

    kind: str
    value: int = 0
    parts: "tuple[Formula, ...]" = ()
    symbol: str = ""
    axis: str = ""


def number(value: int) -> Formula:
    """A number that is part of the formula itself."""
    return Formula("number", value)


def result(value: int) -> Formula:
    """An evaluated number."""
    return Formula("result", value)


def formula(term: int) -> Formula:
    """The formula of a term; for a plain int, the number."""
    if not isinstance(term, Term):
        return number(int(term))
    if term.operator == "leaf":
        return Formula("leaf", int(term), (), term.symbol, term.axis)
    if term.operator == "+":
        return total(map(formula, _chain(term)))
    if term.operator == "*":
        return product(map(formula, _chain(term)))
    parts = tuple(map(formula, term.parts))
    if term.operator == "-":
        return total((parts[0], Formula("minus", -parts[1].value, (parts[1],))))
    return Formula(_KINDS.get(term.operator, term.operator), int(term), parts)


def _chain(term: Term) -> list[int]:
    """The operands of a + b + c + …, without recursion, because a sum over branches may have thousands of terms."""
    operands: list[int] = []
    left: int = term
    while isinstance(left, Term) and left.operator == term.operator:
        operands.append(left.parts[1])
        left = left.parts[0]
    return [left, *reversed(operands)]


def total(parts: Iterable[Formula]) -> Formula:
    """The sum of several parts, with nested sums flattened."""
    flat = _dissolve("sum", parts)
    return Formula("sum", sum([part.value for part in flat]), flat)


def product(parts: Iterable[Formula]) -> Formula:
    """The product, with nested products flattened and h·n/h reduced to n; 1 if there are no parts."""
    flat = _reduced_quotients(_dissolve("product", parts))
    if len(flat) < 2:
        return flat[0] if flat else number(1)
    return Formula("product", prod([part.value for part in flat]), flat)


def _dissolve(kind: str, parts: Iterable[Formula]) -> tuple[Formula, ...]:
    flat: list[Formula] = []
    for part in parts:
        if part.kind == kind:
            flat += part.parts
        else:
            flat.append(part)
    return tuple(flat)


def _reduced_quotients(factors: tuple[Formula, ...]) -> tuple[Formula, ...]:
    """The factors without each divisor of an exact quotient that is a factor as well."""
    left = list(factors)
    for factor in factors:
        if factor.kind == "exact" and factor.parts[1] in left:
            left.remove(factor.parts[1])
            left[left.index(factor)] = factor.parts[0]
    return tuple(left)


def leaves(node: Formula) -> Iterable[Formula]:
    """The named numbers of a formula, from left to right."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if part.parts:
            waiting += part.parts[::-1]
        elif part.kind == "leaf":
            yield part


def constants(node: Formula) -> Iterable[Formula]:
    """The numbers that are part of a formula itself, from left to right."""
    if node.kind == "number":
        yield node
    for part in node.parts:
        yield from constants(part)


def differing(node: Formula) -> frozenset[str]:
    """The symbols that have different values along different axes of this formula."""
    return frozenset(symbol for symbol, found in _along_axes(node).items() if len(found) > 1)


def _along_axes(node: Formula) -> dict[str, set[int]]:
    """The values of each symbol that belongs to an axis."""
    values: dict[str, set[int]] = {}
    for leaf in leaves(node):
        if leaf.axis:
            values.setdefault(leaf.symbol, set()).add(leaf.value)
    return values


def plain(node: Formula) -> Formula:
    """The formula without the axes of symbols that have one value, so that formulas of equal axes are equal."""
    dropped = {symbol for symbol, values in _along_axes(node).items() if len(values) == 1}
    return _without_axes(node, dropped) if dropped else node


def _without_axes(node: Formula, symbols: Container[str]) -> Formula:
    if node.parts:
        return with_parts(node, [_without_axes(part, symbols) for part in node.parts])
    return Formula("leaf", node.value, (), node.symbol) if node.axis and node.symbol in symbols else node


def renamed(node: Formula, part: Formula, name: Formula) -> Formula:
    """The formula with every `part` replaced by `name`."""
    if node == part:
        return name
    return with_parts(node, [renamed(each, part, name) for each in node.parts]) if node.parts else node


def with_parts(node: Formula, parts: Iterable[Formula]) -> Formula:
    """The operation over other parts of the same values."""
    return Formula(node.kind, node.value, tuple(parts))


# --- factoring -------------------------------------------------------------------------------------------------------


def factored(node: Formula) -> Formula:
    """A sum of products with like terms collected, common factors factored out: F·F·Cᵢ·Cₒ + Cₒ is (F·F·Cᵢ + 1)·Cₒ."""
    if node.kind != "sum" or any(part.kind == "minus" for part in node.parts):
        return node
    products = _count_like([_factors(part) for part in node.parts])
    if len(products) == 1:
        return product(products[0])
    common = _common(products)
    rest = [_without(factors, common) for factors in products]
    if _is_square_and_itself(common, rest):
        (own,), counted = rest[0], _without(common, rest[0])
        return product((*counted, total((product((own, own)), own))))
    return product((total(map(product, rest)), *common))


def _is_square_and_itself(common: list[Formula], rest: list[list[Formula]]) -> bool:
    """Whether a sum is several times n·n + n, which is written so, and not as (n + 1)·4·n: four equal matrices."""
    first, *others = rest
    return len(first) == 1 and others == [[]] and first[0] in common and common[0].kind == "number"


def collected(node: Formula) -> Formula:
    """A sum with equal products counted, in the order of their first appearance; other formulas are unchanged."""
    if node.kind != "sum" or any(part.kind == "minus" for part in node.parts):
        return node
    products = [product(factors) for factors in _count_like([_factors(part) for part in node.parts])]
    return products[0] if len(products) == 1 else total(products)


def _factors(node: Formula) -> list[Formula]:
    return list(node.parts) if node.kind == "product" else [node]


def _count_like(products: list[list[Formula]]) -> list[list[Formula]]:
    """Equal products combined into one with a numeric factor."""
    found: dict[tuple[Formula, ...], int] = Counter(tuple(sorted(factors)) for factors in products)
    counted = []
    for factors in products:
        times = found.pop(tuple(sorted(factors)), 0)
        if times:
            counted.append([number(times), *factors] if times > 1 else factors)
    return counted


def _common(products: list[list[Formula]]) -> list[Formula]:
    """The factors common to all products, in the order of the first."""
    first, *others = products
    shared = Counter(first)
    for factors in others:
        shared &= Counter(factors)
    return _take(first, shared)


def _take(factors: list[Formula], wanted: Counter[Formula]) -> list[Formula]:
    """The given factors, each as often as given, taken from the end: factored-out factors are written last."""
    left, taken = Counter(wanted), []
    for factor in reversed(factors):
        if left[factor] > 0:
            left[factor] -= 1
            taken.append(factor)
    return taken[::-1]


def _without(factors: list[Formula], removed: list[Formula]) -> list[Formula]:
    left = Counter(removed)
    kept = []
    for factor in reversed(factors):
        if left[factor] > 0:
            left[factor] -= 1
        else:
            kept.append(factor)
    return kept[::-1]


# --- evaluation ------------------------------------------------------------------------------------------------------


def substituted(node: Formula) -> Formula:
    """The formula with its numbers substituted."""
    if node.parts:
        return with_parts(node, map(substituted, node.parts))
    return number(node.value) if node.kind in ("leaf", "figure") else node


def _first_step(node: Formula) -> Formula:
    """The formula with its numbers substituted, and quotients without their rounding if they leave no remainder."""
    if not node.parts:
        return substituted(node)
    kind = "exact" if node.kind in ("floor", "ceil") and _divides(node) else node.kind
    return Formula(kind, node.value, tuple(map(_first_step, node.parts)))


def working(node: Formula) -> list[Formula]:
    """The formula with its numbers substituted, then every step down to the number."""
    steps = [_first_step(node)]
    while steps[-1].kind not in ATOMS:
        steps.append(_reduced(steps[-1]))
    steps[-1] = result(steps[-1].value)
    return steps


def _divides(node: Formula) -> bool:
    return node.parts[0].value % node.parts[1].value == 0


def _reduced(node: Formula) -> Formula:
    """One step: first inner sums and products are evaluated, then quotients are divided, then rounded."""
    if all(_settled(part) for part in node.parts):
        if node.kind in ("floor", "ceil") and not _divides(node):
            return node._replace(kind=node.kind + "ed")
        return result(node.value)
    parts = _joined(node.parts) if node.kind == "product" else node.parts
    return with_parts(node, map(_collapsed, parts))


def _settled(node: Formula) -> bool:
    return node.kind in ATOMS or (node.kind == "minus" and node.parts[0].kind in ATOMS)


def _collapsed(node: Formula) -> Formula:
    if node.kind in ATOMS:
        return node
    if node.kind == "minus":
        return with_parts(node, [_collapsed(node.parts[0])])
    return result(node.value) if _is_arithmetic(node) else _reduced(node)


def _is_arithmetic(node: Formula) -> bool:
    return node.kind in _ARITHMETIC and all(map(_is_arithmetic, node.parts))


def _joined(factors: tuple[Formula, ...]) -> list[Formula]:
    """Adjacent numbers of a product multiplied: (8·8·3 + 1)·14·14·20 continues as 193·3,920."""
    joined: list[Formula] = []
    for factor in factors:
        if joined and factor.kind in ATOMS and joined[-1].kind in ATOMS:
            joined[-1] = result(joined[-1].value * factor.value)
        else:
            joined.append(factor)
    return joined
