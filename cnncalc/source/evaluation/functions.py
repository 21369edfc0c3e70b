"""Functions of the source: how they are made, how arguments find their parameters, and what they return."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.library_file import LibraryFile
from cnncalc.source.signals import Raised, Returned, Stop
from cnncalc.source.values import CallGiven, CodePlace, PyFunction, PyInstance, Unfollowed, functions_of
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def lambda_(interpreter: Interpreter, node: ast.Lambda, variables: Variables) -> object:
    return make_function(interpreter, node, variables, "<lambda>")


def make_function(interpreter: Interpreter, node: FunctionNode, variables: Variables, name: str) -> PyFunction:
    """A function with the values of its defaults."""
    defaults = [interpreter.evaluate(each, variables) for each in node.args.defaults]
    keyword_defaults = {
        parameter.arg: interpreter.evaluate(default, variables)
        for parameter, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is not None
    }
    body = [] if isinstance(node, ast.Lambda) else node.body
    yields = any(isinstance(each, ast.Yield | ast.YieldFrom) for one in body for each in (one, *functions_of(one)))
    return PyFunction(node, variables, defaults, keyword_defaults, name, yields=yields)


def call_function(interpreter: Interpreter, function: PyFunction, given: CallGiven) -> object:
    """Run a function. A generator gives an iterator over all of its values."""
    from cnncalc.source.interpreter import Frame

    if len(interpreter.frames) >= interpreter.steps.limits.depth:
        raise Stop("calls in this program are nested too deeply", given.place)
    variables = function.around.inside("function")
    if isinstance(variables.file, LibraryFile):
        variables.file = variables.file.reached_by(_way_in(interpreter, given))
    bind(function, given, variables)
    before = interpreter.steps.left
    interpreter.frames.append(Frame(function, variables, given.place))
    try:
        if isinstance(function.node, ast.Lambda):
            return interpreter.evaluate(function.node.body, variables)
        if function.yields:
            return _generated(interpreter, function.node.body, variables)
        interpreter.run(function.node.body, variables)
    except Returned as result:
        return result.value
    except RecursionError:
        raise Stop("calls in this program are nested too deeply", given.place) from None
    except Stop as limit:
        if all(each.function is not function for each in interpreter.frames[:-1]):  # not one of a recursion
            limit.leaves(f"this call of {function.name}", given.place, before - interpreter.steps.left)
        raise
    finally:
        interpreter.frames.pop()
    return None


def _way_in(interpreter: Interpreter, given: CallGiven) -> CodePlace:
    """The program's place for all that a function of a library does: its call of the library.

    For a method that another function calls, and for a whole model, it is the place where the object is made or, if the
    program has a class for it, the call or that class: the place that the program would change.
    """
    receiver = given.values[0] if given.values else None
    if isinstance(given.place.file, LibraryFile) or not isinstance(receiver, PyInstance) or receiver.kind.place is None:
        return given.place
    is_whole_model = isinstance(given.place.node, ast.Module)
    if isinstance(receiver.kind.place.file, LibraryFile):
        return receiver.place or given.place if interpreter.frames or is_whole_model else given.place
    return receiver.kind.place if is_whole_model else given.place


def _generated(interpreter: Interpreter, body: list[ast.stmt], variables: Variables) -> object:
    interpreter.yielded.append([])
    try:
        interpreter.run(body, variables)
    except Returned:
        pass
    finally:
        values = interpreter.yielded.pop()
    return iter(values)


def forget(function: PyFunction, receiver: object, value: Unfollowed) -> None:
    """Make unknown the attributes that a method gives its instance, after it cannot be followed to its end."""
    if isinstance(function.node, ast.Lambda) or not isinstance(receiver, PyInstance) or not function.node.args.args:
        return
    own = function.node.args.args[0].arg
    for each in [node for node in ast.walk(function.node) if isinstance(node, ast.Attribute)]:
        is_own = isinstance(each.value, ast.Name) and each.value.id == own
        if is_own and not isinstance(each.ctx, ast.Load):
            receiver.attributes[each.attr] = value


def bind(function: PyFunction, given: CallGiven, variables: Variables) -> None:
    """Put the arguments of a call under the names of the parameters. Raises Raised (TypeError)."""
    parameters = function.node.args
    names = [each.arg for each in (*parameters.posonlyargs, *parameters.args)]
    keyword_only = [each.arg for each in parameters.kwonlyargs]
    found: dict[str, object] = dict(zip(names, given.values, strict=False))
    if len(given.values) > len(names) and parameters.vararg is None:
        _refuse(function, given.place, f"takes {len(names)} positional arguments but {len(given.values)} are given")
    extra: dict[str, object] = {}
    by_name = {each.arg for each in (*parameters.args, *parameters.kwonlyargs)}
    for key, value in given.keywords.items():
        if key in by_name and key in found:
            _refuse(function, given.place, f"got multiple values for argument '{key}'")
        if key in by_name:
            found[key] = value
        elif parameters.kwarg is None:
            _refuse(function, given.place, f"got an unexpected keyword argument '{key}'")
        else:
            extra[key] = value
    defaults = dict(zip(names[len(names) - len(function.defaults) :], function.defaults, strict=True))
    defaults |= function.keyword_defaults
    for name in (*names, *keyword_only):
        if name not in found and name not in defaults:
            _refuse(function, given.place, f"missing the argument '{name}'")
        variables.names[name] = found[name] if name in found else defaults[name]
    if parameters.vararg is not None:
        variables.names[parameters.vararg.arg] = tuple(given.values[len(names) :])
    if parameters.kwarg is not None:
        variables.names[parameters.kwarg.arg] = extra


def _refuse(function: PyFunction, place: CodePlace, what: str) -> None:
    owner = f"{function.owner.name}." if function.owner else ""
    raise Raised("TypeError", f"{owner}{function.name}() {what}", place)
