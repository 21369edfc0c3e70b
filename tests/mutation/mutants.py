"""The one-change mutants of a module: an operator, constant, condition or comparison that is another one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.And: ast.Or, ast.Or: ast.And, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any", "largest": "smallest", "smallest": "largest"}
NEVER_RUN = ("annotation", "returns", "decorator_list", "bases", "type_params")
GUARDS = ("strict",)
"""Arguments that only guard: with `strict`, `zip` raises where it otherwise stops."""


class Mutant(NamedTuple):
    """One change of a module: where it is, what stands there, and what stands there instead."""

    number: int
    """Which of the module's mutants it is, from 0."""
    line: int
    statement: int
    """The line where its statement begins."""
    function: str
    """The function or class that has it, with dots; empty at the top of the module."""
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.old}  →  {self.new}"


class Change(NamedTuple):
    """A field of a node that gets another value, and the nodes around it, from the outermost."""

    node: Any
    field: str
    value: Any
    around: tuple[ast.AST, ...]
    function: str

    def shown(self) -> ast.AST:
        """What the mutant is shown with: for a name, a constant or a `not` the expression around it."""
        if isinstance(self.node, ast.Name | ast.Constant | ast.UnaryOp | ast.comprehension):
            return [node for node in self.around if isinstance(node, ast.expr | ast.stmt | ast.arguments)][-1]
        return self.node  # type: ignore[no-any-return]

    def statement(self) -> int:
        """The line of the innermost statement that has the change."""
        return next(node.lineno for node in (self.node, *reversed(self.around)) if isinstance(node, ast.stmt))

    def text(self, node: ast.AST, *, changed: bool) -> str:
        """A node that holds the change, as Python, before or after it."""
        before = getattr(self.node, self.field)
        setattr(self.node, self.field, self.value if changed else before)
        text = ast.unparse(node.test if isinstance(node, ast.If | ast.While) else node)
        setattr(self.node, self.field, before)
        return text


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module."""
    found = []
    for number, change in enumerate(_changes(ast.parse(source))):
        old, new = (" ".join(change.text(change.shown(), changed=changed).split()) for changed in (False, True))
        line = getattr(change.shown(), "lineno", getattr(change.node, "lineno", 0))
        found.append(Mutant(number, line, change.statement(), change.function, old, new))
    return found


def mutated(source: str, number: int) -> str:
    """The module with one of its mutants' changes."""
    tree = ast.parse(source)
    return next(change for place, change in enumerate(_changes(tree)) if place == number).text(tree, changed=True)


def marked(source: str, file: str, lines: set[int]) -> str:
    """The module with a call of `__ran__((file, line))` before each statement that begins in one of the lines."""
    tree = ast.parse(source)
    for node in list(ast.walk(tree)):
        for field in ("body", "orelse", "finalbody"):
            if isinstance(body := getattr(node, field, None), list):
                marks = {one: ast.parse(f"__ran__({(file, one.lineno)!r})").body for one in body if one.lineno in lines}
                setattr(node, field, [part for one in body for part in (*marks.get(one, []), one)])
    return ast.unparse(tree)


def _changes(tree: ast.Module) -> Iterator[Change]:
    for node, around, function in _walk(tree, (), ""):
        for field, value in _values(node, around):
            yield Change(node, field, value, around, function)


def _walk(node: ast.AST, around: tuple[ast.AST, ...], function: str) -> Iterator[tuple[Any, tuple[ast.AST, ...], str]]:
    """Every node whose change can be seen, with those around it: no annotations, decorators, assertions."""
    yield node, around, function
    if isinstance(node, ast.Assert):
        return
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if name in NEVER_RUN or not isinstance(child, ast.AST) or getattr(child, "arg", "") in GUARDS:
                continue
            is_named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            inner = f"{function}.{child.name}".lstrip(".") if is_named else function
            yield from _walk(child, (*around, node), inner)


def _values(node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[tuple[str, Any]]:
    """The fields of a node that can be changed, each with another value."""
    match node:
        case ast.Compare(ops=operators):
            for place, operator in enumerate(operators):
                yield "ops", [*operators[:place], OPERATORS[type(operator)](), *operators[place + 1 :]]
        case ast.BinOp() | ast.AugAssign() if type(node.op) in OPERATORS and not _joins_texts(node):
            yield "op", OPERATORS[type(node.op)]()
        case ast.BoolOp():
            yield "op", OPERATORS[type(node.op)]()
        case ast.UnaryOp(op=ast.Not()):
            yield "operand", ast.UnaryOp(ast.Not(), node.operand)
        case ast.Constant(value=bool()):
            yield "value", not node.value
        case ast.Constant(value=int()) if _is_remaining_size(around):
            pass
        case ast.Constant(value=int() | float()):
            yield "value", node.value + 1
        case ast.Name(id=name) if name in FUNCTIONS and isinstance(around[-1], ast.Call):
            yield "id", FUNCTIONS[name]
        case ast.If() | ast.IfExp() if "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from (("test", ast.Constant(value)) for value in (True, False))
        case ast.While():
            yield "test", ast.Constant(False)
        case ast.comprehension(ifs=conditions):
            for place in range(len(conditions)):
                yield "ifs", [*conditions[:place], *conditions[place + 1 :]]
        case _:
            pass


def _is_remaining_size(around: tuple[ast.AST, ...]) -> bool:
    """Whether a number is that of a −1 among the sizes of `reshape`: NumPy reads every negative size alike."""
    *_, outer, call, sign = (None, None, *around)
    call = outer if isinstance(call, ast.Tuple) else call
    is_reshape = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "reshape"
    return is_reshape and isinstance(sign, ast.UnaryOp) and isinstance(sign.op, ast.USub)


def _joins_texts(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether an operator joins or fills texts, lists or tuples: any other raises at once."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
    written = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)
    return any(
        isinstance(side, written) or (isinstance(side, ast.Constant) and isinstance(side.value, str)) for side in sides
    )
