"""The model that a reference means: `net.py:Net(depth=20)`, `net.py:model`, or the only one of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError, did_you_mean
from cnncalc.importing.python import inputs, outcome
from cnncalc.importing.python.failed_models import failures
from cnncalc.importing.python.missing_names import foreign, unreached
from cnncalc.importing.python.tracing import Tracing
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.source_file import SourceFile, parsed
from cnncalc.source.values import (
    CallGiven,
    CodePlace,
    LibraryName,
    PyClass,
    PyFunction,
    PyInstance,
    PyModule,
    Unfollowed,
)
from cnncalc.source.variables import Variables


def model_of(interpreter: Interpreter, module: PyModule, wanted: str) -> PyInstance:
    """The PyTorch module that `wanted` names, made if it is a class or a function. Raises SpecError.

    Without a name it is the file's only model, else the one that the file calls itself.
    """
    from cnncalc.importing.python.torch.modules.base import is_module

    variables = module.variables
    assert variables is not None
    is_named = bool(wanted)
    try:
        wanted = wanted or only_model(variables)
        value = value_of(interpreter, module, wanted)
    except SpecError:
        called = None if is_named else inputs.called_model(interpreter, variables.file, module)
        if called is None:
            raise
        return called
    if isinstance(value, LibraryName):
        raise SpecError([foreign(wanted, value, variables)])
    if not isinstance(value, PyInstance) or not is_module(value):
        source = Source(f"{variables.file.source.name}:{wanted}", wanted)
        raise _unusable(source, f'"{wanted}" is not a model', f"models here: {_listed(variables)}")
    return value


def value_of(interpreter: Interpreter, module: PyModule, wanted: str, *, keeps_functions: bool = False) -> object:
    """The value that `wanted` names. A class or a function is called, unless it is a function that needs arguments
    and `keeps_functions` is true. Raises SpecError.
    """
    variables = module.variables
    assert variables is not None
    source = Source(f"{variables.file.source.name}:{wanted}", wanted)
    tree = parsed(source)
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        raise _unusable(source, f'"{wanted}" is not the name of a model', "name a class, as in net.py:Net(depth=20)")
    node = tree.body[0].value
    inner = Variables("function", SourceFile(source), module, variables)
    place = CodePlace(inner.file, node)
    _check_name(node, variables, source)
    try:
        value = interpreter.evaluate(node, inner)
        if keeps_functions and isinstance(value, PyFunction) and _needs_arguments(value):
            return value
        if isinstance(value, PyClass | PyFunction):
            value = interpreter.call(value, CallGiven([], {}, place))
    except Raised as error:
        hint = _arguments(node, variables) if _is_call_of(node, error) and "missing" in error.message else ""
        named = _class_place(node, variables) if hint else None
        raise SpecError([_at(named or error.place, interpreter, error.words(), hint)]) from None
    except CannotFollow as reason:
        value = reason.unknown()
    if isinstance(value, Unfollowed):
        raise SpecError([outcome.diagnostic(value)])
    return value


def _is_call_of(node: ast.expr, error: Raised) -> bool:
    """Whether an error is about the arguments of the class or function that a reference names."""
    called = ast.unparse(node.func if isinstance(node, ast.Call) else node)
    return error.kind == "TypeError" and error.message.startswith((f"{called}(", f"{called}.__init__("))


def _needs_arguments(function: PyFunction) -> bool:
    return len(function.node.args.args) > len(function.defaults)


def _class_place(node: ast.expr, variables: Variables) -> CodePlace | None:
    """Where the class that a reference names begins."""
    found = variables.names.get(getattr(node, "id", ""))
    if not isinstance(found, PyClass) or not isinstance(found.place and found.place.node, ast.ClassDef):
        return None
    assert found.place is not None
    return CodePlace(found.place.file, _first_line(found.place.node))


def _first_line(node: ast.AST) -> ast.AST:
    """The first character of a statement, as a node."""
    start = {"lineno": node.lineno, "col_offset": node.col_offset}  # type: ignore[attr-defined]
    return ast.Pass(**start, end_lineno=start["lineno"], end_col_offset=start["col_offset"] + 5)


def _at(place: CodePlace, interpreter: Interpreter, message: str, hint: str) -> Diagnostic:
    """A mistake at a place; in another file than the named one, the message names that file."""
    tracing = interpreter.context
    assert isinstance(tracing, Tracing)
    code = "E205" if hint.startswith("give") else "E111"
    return Diagnostic(code, message, place.span, hint=hint)


def _check_name(node: ast.expr, variables: Variables, source: Source) -> None:
    called = node.func if isinstance(node, ast.Call) else node
    if isinstance(called, ast.Name) and variables.holder(called.id) is None:
        if found := unreached(called.id, variables):
            raise SpecError([found])
        names = [
            name for name, value in variables.names.items() if isinstance(value, PyClass | PyFunction | PyInstance)
        ]
        hint = did_you_mean(called.id, names) or f"models here: {_listed(variables)}"
        raise _unusable(source, f'no "{called.id}" in {variables.file.source.name}', hint)


def _arguments(node: ast.expr, variables: Variables) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    return f"give its arguments: {variables.file.source.name}:{ast.unparse(called)}(NAME=VALUE, …)"


def _unusable(source: Source, message: str, hint: str) -> SpecError:
    return SpecError([Diagnostic("E111", message, Span(Source(source.name, ""), 0, 0), hint=hint)])


def only_model(variables: Variables) -> str:
    """The name of a file's only model: a class that no other class or function of the file uses, or a variable."""
    names = models_of(variables)
    if len(names) == 1:
        return names[0]
    place = Span(variables.file.source, 0, 0)
    if not names:
        none = Diagnostic("E111", "this file defines no model", place, hint="name a file with a model")
        raise SpecError(failures(variables) or [none])
    listed = _and_more(names)
    message = f"this file defines {len(names)} models: {listed}"
    hint = f"name one, as in {variables.file.source.name}:{names[-1]}"
    raise SpecError([Diagnostic("E205", message, place, hint=hint)])


_LONGEST_CALL = 200
"""The longest call, in characters, that names a model."""

MOST_MODELS = 20
"""The number of models of a file that are checked without being named."""


def models_of(variables: Variables) -> list[str]:
    """The names by which a file's models can be made: a class that needs arguments is that of what makes it."""
    found: dict[str, None] = {}
    for name in found_models(variables):
        value = variables.names[name]
        makers = _makers(variables, name, value) if isinstance(value, PyClass) and _needs_settings(value) else []
        found |= dict.fromkeys(makers or [name])
    return list(found)


def _needs_settings(kind: PyClass) -> bool:
    """Whether a class cannot be made without arguments."""
    init = kind.find("__init__")
    function = init[1] if init else None
    if not isinstance(function, PyFunction):
        return False
    arguments = function.node.args
    return len(arguments.args) - 1 > len(function.defaults) or None in arguments.kw_defaults


def _makers(variables: Variables, name: str, kind: PyClass) -> list[str]:
    """The variables that hold an instance of a class, and the functions without needed arguments that return one."""
    found = [each for each, value in variables.names.items() if isinstance(value, PyInstance) and value.kind is kind]
    for node in variables.file.tree.body:
        if isinstance(node, ast.FunctionDef) and len(node.args.args) == len(node.args.defaults):
            made = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            if any(isinstance(each, ast.Call) and getattr(each.func, "id", "") == name for each in made):
                found.append(node.name)
    return found or list(islice(_written_calls(variables, name), 1))


def _written_calls(variables: Variables, name: str) -> Iterator[str]:
    """The calls of a class outside of functions, as they are written, whose arguments are known in the whole module."""
    for node in variables.file.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for each in ast.walk(node):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == name:
                used = {inner.id for inner in ast.walk(each) if isinstance(inner, ast.Name)}
                text = ast.unparse(each)
                if used <= variables.names.keys() and len(text) <= _LONGEST_CALL:
                    yield text


def _and_more(names: list[str]) -> str:
    return ", ".join(names[:MOST_MODELS]) + (" …" if len(names) > MOST_MODELS else "")


def found_models(variables: Variables) -> list[str]:
    """The models that a file defines."""
    from cnncalc.importing.python.torch.modules.base import is_module

    own = {
        name: value
        for name, value in variables.names.items()
        if isinstance(value, PyClass) and _is_model(value) and value.place and value.place.file is variables.file
    }
    used = _used_by_others(variables.file.tree, own)
    outer = [name for name in own if name not in used]
    made = [name for name, value in variables.names.items() if isinstance(value, PyInstance) and is_module(value)]
    return outer or made or list(own)


def _is_model(value: PyClass) -> bool:
    from cnncalc.importing.python.torch.modules.base import MODULE

    return value.descends(MODULE) and value.find("forward") is not None


def _used_by_others(tree: ast.Module, own: dict[str, PyClass]) -> set[str]:
    """The classes that another class of the file uses or inherits from, itself or by functions of the file, and those
    that are an argument of another one or of a function of the file: `ResNet(Block, 18)`.
    """
    uses = {each.name: _names_in(each) for each in tree.body if isinstance(each, ast.ClassDef | ast.FunctionDef)}
    calls = (call for call in _calls_outside_classes(tree) if getattr(call.func, "id", "") in uses)
    found = {node.id for call in calls for node in call.args if isinstance(node, ast.Name)}
    for name in uses.keys() & own.keys():
        reached, waiting = {name}, [name]
        while waiting:
            new = {each for each in uses[waiting.pop()] if each in own or each in uses} - reached
            reached |= new
            waiting += [each for each in new if each not in own]
        found |= reached - {name}
    return found & own.keys()


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _calls_outside_classes(tree: ast.Module) -> Iterator[ast.Call]:
    for each in tree.body:
        if not isinstance(each, ast.ClassDef):
            yield from (node for node in ast.walk(each) if isinstance(node, ast.Call))


def _listed(variables: Variables) -> str:
    return _and_more(found_models(variables)) or "none"
