"""The model that a Keras or TensorFlow file makes, if the caller names none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final, TypeGuard

from cnncalc.diagnostics import Diagnostic, Span, SpecError
from cnncalc.importing.python import outcome
from cnncalc.importing.python.keras.graph import GraphTensor, GraphTracing
from cnncalc.importing.python.keras.layer_calls import own_call
from cnncalc.importing.python.keras.model_kinds import FunctionalModel, SequentialModel
from cnncalc.importing.python.keras.model_layers import INPUT_LAYER, sublayers
from cnncalc.importing.python.keras.models import MODEL
from cnncalc.importing.python.tracing import BATCH
from cnncalc.source.values import PyClass, PyFunction, PyInstance, Refused, Unfollowed
from cnncalc.source.variables import Variables

_MADE: Final = re.compile(r"\b(?:Model|Sequential)\(")
_PLACEHOLDER: Final = re.compile(r"\bplaceholder\(")
_BAD_CALL: Final = re.compile(r"TypeError: \w+\(\)")
"""The reason of a call with arguments that a class does not take."""
_METHODS: Final = ("compile", "fit", "summary", "predict", "evaluate")
"""Methods whose use shows that a variable is a model."""


def only_model(variables: Variables, tracing: GraphTracing) -> str:
    """The name of a file's only model: a variable, a class of models, the last tensor of a graph, or a function.

    Raises SpecError: the mistakes of a model that cannot be made, else E111 for none and E205 for several.
    """
    names = _whole(variables)
    names = [name for name in names if not _is_partly_unknown(variables.names[name])] or names
    if len(names) == 1:
        if refused := _mistakes(variables, certain=True):
            raise SpecError(refused)
        return names[0]
    place = Span(variables.file.source, 0, 0)
    if not names:
        reported = {each.span.start for each in tracing.problems if each.span}
        others = [each for each in _mistakes(variables) if each.span and each.span.start not in reported]
        if mistakes := [*tracing.problems, *(each for each in others if each.code != "E111" or not reported)]:
            raise SpecError(mistakes)
        tensors = _unused(variables, tracing)
        makers = [name for name, value in variables.names.items() if _is_maker(value)]
        if len(tensors or makers) == 1:
            return (tensors or makers)[0]
        raise SpecError([Diagnostic("E111", "this file makes no model", place, hint=_hint(variables, tensors))])
    message = f"this file has {len(names)} models: {', '.join(names)}"
    hint = f"name one, as in {variables.file.source.name}:{names[-1]}"
    raise SpecError([Diagnostic("E205", message, place, hint=hint)])


def models_of(variables: Variables) -> list[str]:
    """The names of a file's models, with those that the framework refuses; else of what fails or makes one."""
    failed = dict(_failed(variables))
    refused = {name for name, value in failed.items() if isinstance(value, Refused) or _BAD_CALL.match(value.reason)}
    names = set(_whole(variables)) | refused
    names = names or {name for name, value in variables.names.items() if name in failed or _is_maker(value)}
    return [name for name in variables.names if name in names]


def _whole(variables: Variables) -> list[str]:
    """The models of a file that are not a part of another one; else its classes of models."""
    names = _outermost({name: value for name, value in variables.names.items() if is_model(value)})
    return names or [name for name, value in variables.names.items() if _is_class(value)]


def _is_partly_unknown(value: object) -> bool:
    model = value.extra if isinstance(value, PyInstance) else None
    return isinstance(model, FunctionalModel) and model.unknown is not None


def _is_maker(value: object) -> bool:
    """Whether a value is a function that makes a model without arguments."""
    if not isinstance(value, PyFunction) or not isinstance(value.node, ast.FunctionDef):
        return False
    arguments = value.node.args
    is_free = len(arguments.args) == len(arguments.defaults) and None not in arguments.kw_defaults
    returns = any(isinstance(each, ast.Return) and each.value is not None for each in ast.walk(value.node))
    return is_free and returns and _MADE.search(ast.unparse(value.node)) is not None


def _outermost(models: dict[str, PyInstance]) -> list[str]:
    """The names of models that are not a part of another one, as a base is of the model with a new head."""
    layers = {
        name: {id(each) for each in sublayers(model) if each.kind is not INPUT_LAYER} for name, model in models.items()
    }
    return [
        name
        for name, model in models.items()
        if not any(id(model) in layers[other] or set() < layers[name] < layers[other] for other in models)
    ]


def needs_main_block(variables: Variables, wanted: str) -> bool:
    """Whether the model that is wanted, or any, may be one of the block that runs if the file is a program."""
    if wanted:
        name = re.match(r"\w*", wanted)
        return name is not None and name[0] not in variables.names
    return not any(is_model(value) or _is_class(value) for value in variables.names.values())


def _hint(variables: Variables, tensors: list[str]) -> str:
    if tensors:
        return f"name the tensor that is its output: {', '.join(tensors[:8])}"
    functions = [name for name, value in variables.names.items() if isinstance(value, PyFunction)]
    return f"name a function that makes one: {', '.join(functions[:8])}" if functions else ""


def _is_class(value: object) -> bool:
    return isinstance(value, PyClass) and value.descends(MODEL) and own_call(value) is not None


def is_model(value: object) -> TypeGuard[PyInstance]:
    return isinstance(value, PyInstance) and (
        isinstance(value.extra, SequentialModel | FunctionalModel) or own_call(value.kind) is not None
    )


def _mistakes(variables: Variables, *, certain: bool = False) -> list[Diagnostic]:
    """The reasons why the models of a file could not be made, each once; of the `certain` ones, the framework's."""
    found = {value.place: value for _, value in _failed(variables) if isinstance(value, Refused) or not certain}
    return [outcome.diagnostic(value) for value in found.values()]


def _failed(variables: Variables) -> Iterator[tuple[str, Unfollowed]]:
    """The variables that would be models, with the reasons why they are not."""
    used = _used_as_models(variables.file.tree)
    for name, call in _calls(variables.file.tree.body):
        value = variables.names.get(name)
        if isinstance(value, Unfollowed) and (name in used or _makes_model(call, variables)):
            yield name, value


def _calls(body: list[ast.stmt]) -> Iterator[tuple[str, ast.Call]]:
    """The variables that statements outside of functions set to the result of a call."""
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            yield from ((each.id, node.value) for each in node.targets if isinstance(each, ast.Name))
        elif isinstance(node, ast.If | ast.With | ast.Try):
            yield from _calls(node.body)


def _used_as_models(tree: ast.Module) -> set[str]:
    return {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in _METHODS and isinstance(node.value, ast.Name)
    }


def _makes_model(call: ast.Call, variables: Variables) -> bool:
    """Whether a call is that of a class of models, or of a function of the file that calls one."""
    if isinstance(call.func, ast.Name):
        value = variables.names.get(call.func.id)
        if isinstance(value, PyFunction):
            return _MADE.search(ast.unparse(value.node)) is not None
    return _MADE.match(ast.unparse(call.func).rpartition(".")[2] + "(") is not None


def _unused(variables: Variables, tracing: GraphTracing) -> list[str]:
    """The tensors of a graph of TensorFlow 1 that have a batch and that no operation uses.

    If losses and metrics use them all, those with features that no other such variable depends on.
    """
    if not _PLACEHOLDER.search(variables.file.source.text):
        return []
    found: dict[int, str] = {}
    for name, value in variables.names.items():
        if isinstance(value, GraphTensor) and value.node and BATCH in value.dims:
            found.setdefault(value.node.number, name)
    if unused := [name for number, name in found.items() if not tracing.uses[number]]:
        return unused
    with_features = (value for value in map(variables.names.get, found.values()) if isinstance(value, GraphTensor))
    ends = _ends([value for value in with_features if len(value.dims) > 1])
    return [name for number, name in found.items() if number in ends]


def _ends(tensors: list[GraphTensor]) -> set[int]:
    """The numbers of the nodes of tensors on which no other of the tensors depends."""
    ends: set[int] = set()
    reached: set[int] = set()
    for node in sorted((each.node for each in tensors if each.node), key=lambda node: -node.number):
        if node.number in reached:
            continue
        ends.add(node.number)
        waiting = [node]
        while waiting:
            for each in waiting.pop().operands:
                if each.node and each.node.number not in reached:
                    reached.add(each.node.number)
                    waiting.append(each.node)
    return ends
