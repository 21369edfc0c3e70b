"""Classes of the source, with those that a decorator or a base fills: dataclasses, enumerations, named tuples."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.evaluation import records
from cnncalc.source.signals import CannotFollow
from cnncalc.source.values import (
    CodePlace,
    NativeFunction,
    PyClass,
    PyFunction,
    PyInstance,
    Wrapped,
    lineage_of,
)
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_WITHOUT_ATTRIBUTES = ("object", "Protocol", "Generic", "ABC")


def make_class(interpreter: Interpreter, node: ast.ClassDef, variables: Variables) -> PyClass:
    """A class with its body run. An unknown base leaves it open."""
    place = CodePlace(variables.file, node)
    if any(each.arg == "metaclass" and "ABCMeta" not in ast.unparse(each.value)[:40] for each in node.keywords):
        raise CannotFollow("a class with a metaclass", place)
    bases, is_open = [], False
    for each in node.bases:
        base = interpreter.evaluate(each, variables)
        if isinstance(base, PyClass):
            bases.append(base)
        elif not _is_plain_base(each):
            is_open = True
    made = PyClass(node.name, tuple(bases), {}, place, is_open)
    made.lineage = lineage_of(made)
    body = variables.inside("class")
    interpreter.run(node.body, body)
    made.namespace.update(body.names)
    made.annotations = {
        each.target.id: each.annotation
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    for value in made.namespace.values():
        _own(value, made)
    if made.word("enumeration") and bases:
        _enumerate(made)
    if made.word("named_tuple") and made.annotations:
        records.give_init(made)
    return made


def _is_plain_base(node: ast.expr) -> bool:
    if isinstance(node, ast.Subscript):
        node = node.value
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in _WITHOUT_ATTRIBUTES


def _own(value: object, made: PyClass) -> None:
    if isinstance(value, Wrapped):
        _own(value.setter, made)
        value = value.function
    if isinstance(value, PyFunction) and value.owner is None:
        value.owner = made


def _enumerate(made: PyClass) -> None:
    """The members of an enumeration: the plain values of its body."""
    members: dict[str, object] = {}
    for name, value in made.namespace.items():
        if not name.startswith("_") and not isinstance(value, PyFunction | NativeFunction | Wrapped):
            members[name] = PyInstance(made, {"name": name, "value": value, "_value_": value})
    made.namespace.update(members)
    made.words = {**made.words, "members": members}
