"""Layers and models of the program's own: `build` and `call` as the program defines them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.graph import GraphTensor, child_name, graph_of
from cnncalc.importing.python.keras.layer_names import snake
from cnncalc.importing.python.tracing import ModulePath
from cnncalc.source.values import CallGiven, PyFunction, PyInstance

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def call_own(interpreter: Interpreter, instance: PyInstance, function: object, given: CallGiven) -> object:
    """A call of a layer or model whose `call` is the program's: built before its first use."""
    tracing = graph_of(interpreter)
    keywords = dict(given.keywords)
    if isinstance(function, PyFunction):
        arguments = function.node.args
        names = [each.arg for each in (*arguments.args, *arguments.kwonlyargs)]
        for word in ("training", "mask"):
            if word not in names and arguments.kwarg is None:
                keywords.pop(word, None)
            elif word == "training" and word in names and word not in keywords and not _has_default(function, word):
                keywords[word] = False
    parts, kinds = own_path(interpreter, instance)
    tracing.path.append(ModulePath(parts, kinds, instance))
    try:
        if id(instance) not in tracing.called:
            tracing.called.add(id(instance))
            build(interpreter, instance, given)
        return interpreter.call(function, CallGiven([instance, *given.values], keywords, given.place))
    finally:
        tracing.path.pop()


def _has_default(function: PyFunction, name: str) -> bool:
    arguments = function.node.args
    positional = [each.arg for each in arguments.args]
    return name in function.keyword_defaults or name in positional[len(positional) - len(function.defaults) :]


def own_path(interpreter: Interpreter, instance: PyInstance) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The name of a layer of the program's own in its model, and the classes around."""
    around = graph_of(interpreter).path
    if not around:
        name = instance.attributes.get("name")
        is_layer = not isinstance(instance.kind.word("is_model"), bool)
        parts = (str(name) if isinstance(name, str) else snake(instance.kind.name),) if is_layer else ()
        return parts, (instance.kind.name,) * len(parts)
    path = child_name(around[-1].instance, instance) or (snake(instance.kind.name),)
    kinds = (*around[-1].kinds, *("",) * (len(path) - 1), instance.kind.name)
    return (*around[-1].parts, *path), kinds


def build(interpreter: Interpreter, instance: PyInstance, given: CallGiven) -> None:
    """Run `build` for the shapes of the arguments."""
    found = instance.kind.find("build")
    if found is None or not isinstance(found[1], PyFunction) or not given.values:
        return
    value = given.values[0]
    shape: object = value.shape if isinstance(value, GraphTensor) else None
    if isinstance(value, list | tuple):
        shape = [each.shape for each in value if isinstance(each, GraphTensor)]
    interpreter.call(found[1], CallGiven([instance, shape], {}, given.place))
