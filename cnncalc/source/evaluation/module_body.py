"""The body of a module, each statement for itself: what cannot be followed leaves its names unknown."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from cnncalc.source.evaluation import functions
from cnncalc.source.signals import CannotFollow, LoopLeft, NextTurn, Raised, Returned, Stop
from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import CodePlace, PyFunction, PyInstance, PyModule, Refused, Unfollowed
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def fill(interpreter: Interpreter, module: PyModule) -> None:
    """Run a module that an import named, if that has not happened."""
    if module.variables is None and module.path:
        from cnncalc.source.neighbours import file_of

        file = file_of(interpreter.steps, module.path)
        if file is None:
            module.path = ""
        else:
            run_module(interpreter, module, file)


def run_module(interpreter: Interpreter, module: PyModule, file: SourceFile) -> None:
    """Fill the names of a module."""
    module.variables = variables = Variables("module", file, module)
    run_guarded(interpreter, file.tree.body, variables)


def run_guarded(interpreter: Interpreter, body: list[ast.stmt], variables: Variables) -> None:
    """Run statements, each for itself."""
    for node in body:
        try:
            _run_one(interpreter, node, variables)
        except (CannotFollow, Raised) as reason:
            value = Unfollowed(reason.words(), reason.place) if isinstance(reason, Raised) else reason.unknown()
            _leave_unknown(interpreter, node, variables, value)
        except (LoopLeft, NextTurn, Returned):
            continue


def _run_one(interpreter: Interpreter, node: ast.stmt, variables: Variables) -> None:
    """Run a statement. One that takes more than its share of the steps leaves its names unknown."""
    share = interpreter.loop_steps if isinstance(node, ast.For | ast.While) else interpreter.statement_steps
    kept = max(interpreter.steps.left - share, 0) if share else 0
    interpreter.steps.left -= kept
    frames = len(interpreter.frames)
    try:
        interpreter.run([node], variables)
    except Stop as limit:
        if not kept:
            raise
        del interpreter.frames[frames:]
        interpreter.steps.left = max(interpreter.steps.left, 0)
        place = limit.place or CodePlace(variables.file, node)
        _leave_unknown(interpreter, node, variables, Refused(limit.reason, place, "E103"))
    finally:
        interpreter.steps.left += kept


def _leave_unknown(interpreter: Interpreter, node: ast.stmt, variables: Variables, value: Unfollowed) -> None:
    """Make unknown what a statement that fails would have changed: names, attributes, and the contents of lists."""
    changed = _changed_names(node, variables, {}) & variables.names.keys()
    for name in bound_names(node) | changed:
        variables.names[name] = value
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and isinstance(each.value, ast.Name):
            owner = variables.names.get(each.value.id)
            if isinstance(owner, PyInstance):
                owner.attributes[each.attr] = value
    _forget_stores(node, variables, value)


def _forget_stores(node: ast.stmt, variables: Variables, value: Unfollowed) -> None:
    """Make unknown what a method of the source, `model.fuse()`, would have given its instance."""
    call = node.value if isinstance(node, ast.Expr) else None
    method = call.func if isinstance(call, ast.Call) else None
    if isinstance(method, ast.Attribute) and isinstance(method.value, ast.Name):
        owner = variables.names.get(method.value.id)
        found = owner.kind.find(method.attr) if isinstance(owner, PyInstance) else None
        if found and isinstance(found[1], PyFunction):
            functions.forget(found[1], owner, value)


_CHANGES: Final = ("add", "add_module", "append", "clear", "extend", "insert", "pop", "remove", "update")
"""Methods that change their object."""


_MOST_FUNCTIONS: Final = 100
"""Further functions that a statement calls are not searched for what they change."""

_Names = dict[ast.AST, tuple[set[str], set[str]]]
"""For each function, the names of the objects that it changes, and the names that are its own."""


def _changed_names(node: ast.AST, variables: Variables, known: _Names) -> set[str]:
    """The names of the objects that a statement changes: by their methods, or in functions that it calls.

    A loop or a function also changes the lists and mappings to whose places it assigns. `known` has the functions so
    far.
    """
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            found |= _changed_by(each, variables, known)
        elif isinstance(each, ast.Global):
            found.update(each.names)
        elif isinstance(each, ast.Subscript) and isinstance(each.value, ast.Name) and not isinstance(node, ast.Assign):
            found |= set() if isinstance(each.ctx, ast.Load) else {each.value.id}
    return found


def _changed_by(call: ast.Call, variables: Variables, known: _Names) -> set[str]:
    """The names of the objects that a call changes: its own object, arguments, and variables of the module."""
    called = call.func
    if isinstance(called, ast.Attribute):
        return {called.value.id} if called.attr in _CHANGES and isinstance(called.value, ast.Name) else set()
    function = variables.names.get(called.id) if isinstance(called, ast.Name) else None
    if not isinstance(function, PyFunction) or isinstance(function.node, ast.Lambda):
        return set()
    if function.node not in known:
        if len(known) == _MOST_FUNCTIONS:
            return set()
        own = _names_of_its_own(function.node)
        known[function.node] = set(), own  # for a function that calls itself
        known[function.node] = _changed_names(function.node, variables, known), own
    (changed, own), parameters = known[function.node], [each.arg for each in function.node.args.args]
    given = dict(zip(parameters, call.args, strict=False)) | {each.arg or "": each.value for each in call.keywords}
    arguments = {each.id for name, each in given.items() if name in changed and isinstance(each, ast.Name)}
    return arguments | changed - own


def _names_of_its_own(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The names that are a function's own: its parameters, and what it gives values to."""
    inside = list(ast.walk(function))
    shared = {name for each in inside if isinstance(each, ast.Global) for name in each.names}
    own = {each.id for each in inside if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    return {each.arg for each in inside if isinstance(each, ast.arg)} | (own - shared)


def bound_names(node: ast.stmt) -> set[str]:
    """The names that a statement may give values to."""
    found = {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }  # fmt: skip
    found |= {each.name for each in ast.walk(node) if isinstance(each, ast.MatchAs | ast.MatchStar) and each.name}
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    return found | {each.name for each in ast.walk(node) if isinstance(each, ast.ClassDef | ast.FunctionDef)}
