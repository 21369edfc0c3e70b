"""Texts that are put together from values."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.evaluation import operators
from cnncalc.source.steps import weigh
from cnncalc.source.values import (
    CallGiven,
    CodePlace,
    LibraryName,
    NativeFunction,
    PyClass,
    PyFunction,
    PyInstance,
    Unfollowed,
)
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def joined(interpreter: Interpreter, node: ast.JoinedStr, variables: Variables) -> object:
    """An f-string; unknown if a part is."""
    parts = [interpreter.evaluate(each, variables) for each in node.values]
    for part in parts:
        if isinstance(part, Unfollowed):
            return part
    text = "".join(map(str, parts))
    interpreter.steps.check_length(len(text))
    return text


def formatted_value(interpreter: Interpreter, node: ast.FormattedValue, variables: Variables) -> object:
    value = interpreter.evaluate(node.value, variables)
    form = interpreter.evaluate(node.format_spec, variables) if node.format_spec else ""
    place = CodePlace(variables.file, node)
    if isinstance(value, Unfollowed) or isinstance(form, Unfollowed):
        return value if isinstance(value, Unfollowed) else form
    if form:
        return with_format(interpreter, value, str(form), place)
    return text_of(interpreter, value, place, quoted=node.conversion == ord("r"))


def with_format(interpreter: Interpreter, value: object, form: str, place: CodePlace) -> object:
    """`format(value, form)`, without widths that make it long."""
    digits = "".join(char if char.isdigit() else " " for char in form).split()
    if len(form) > 20 or any(len(each) > 3 for each in digits) or not isinstance(value, int | float | str):
        return Unfollowed("a format", place)
    return operators.computed(place, format, value, form)


def text_of(interpreter: Interpreter, value: object, place: CodePlace, *, quoted: bool = False) -> object:
    """`str(value)` or `repr(value)`; unknown for values whose text nobody knows."""
    if isinstance(value, Unfollowed):
        return value
    if isinstance(value, PyInstance):
        method = value.kind.find("__repr__" if quoted else "__str__") or value.kind.find("__repr__")
        if method:
            return interpreter.call(method[1], CallGiven([value], {}, place))
        return Unfollowed(f"the text of a {value.kind.name}", place)
    if isinstance(value, PyClass | NativeFunction | PyFunction):
        return f"<class '{value.name}'>" if isinstance(value, PyClass) else f"<function {value.name}>"
    if isinstance(value, LibraryName):
        return value.path
    count, strange = weigh(value)
    if strange is not None or count > 2_000:
        return Unfollowed("the text of this value", place)
    interpreter.steps.spend(count)
    return operators.computed(place, repr if quoted else str, value)
