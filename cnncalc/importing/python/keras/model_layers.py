"""The layers of a model: `model.layers`, `model.get_layer(name)`, and which of them are trained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.graph import GraphNode, GraphTensor, LayerCall
from cnncalc.importing.python.keras.layers import LAYER
from cnncalc.importing.python.keras.model_kinds import FunctionalModel, SequentialModel
from cnncalc.importing.tensors.tensor import NotSaid
from cnncalc.source.signals import Raised
from cnncalc.source.values import CallGiven, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

ModelStep = LayerCall | GraphNode | GraphTensor
"""A call of a layer, an operation that is not one, or an input."""

INPUT_LAYER = native_class("InputLayer", (LAYER,), {})


def step_of(tensor: GraphTensor) -> ModelStep:
    """The step that gives a tensor."""
    if tensor.node is None:
        return tensor
    return tensor.node.call or tensor.node


def sources(step: ModelStep) -> list[ModelStep]:
    """The steps that give the inputs of a step, in order."""
    if isinstance(step, GraphTensor):
        return []
    nodes = [step] if isinstance(step, GraphNode) else step.nodes
    tensors = [each for node in nodes for each in node.operands if each.array is None]
    return [each for each in map(step_of, tensors) if each is not step]


def layers_of(model: FunctionalModel) -> list[PyInstance]:
    """The layers of a functional model in Keras's order: by the distance from the outputs, then as a search finds them.

    Raises NotSaid.
    """
    inputs, outputs = model.tensors()
    finished, found = _searched([step_of(each) for each in outputs])
    depths: dict[ModelStep, int] = {}
    for step in reversed(finished):
        depth = depths.setdefault(step, 0)
        for each in sources(step):
            depths[each] = max(depth + 1, depths.get(each, 0))
    for each in inputs:
        depths.setdefault(each, 0)
    steps = sorted(depths, key=lambda each: (-depths[each], found.get(each, -1)))
    layers = [layer for step in steps if (layer := _layer(step)) is not None]
    return list({id(each): each for each in layers}.values())


def _searched(outputs: list[ModelStep]) -> tuple[list[ModelStep], dict[ModelStep, int]]:
    """Steps in the order in which a search from the outputs leaves them, and the number with which it enters each."""
    finished: dict[ModelStep, None] = {}
    found: dict[ModelStep, int] = {}
    waiting: list[tuple[ModelStep, Iterator[ModelStep]]] = []
    for output in outputs:
        found.setdefault(output, len(found))
        waiting.append((output, iter(sources(output))))
        while waiting:
            step, rest = waiting[-1]
            following = next((each for each in rest if each not in finished), None)
            if following is None:
                waiting.pop()
                finished.setdefault(step)
            else:
                found.setdefault(following, len(found))
                waiting.append((following, iter(sources(following))))
    return list(finished), found


def _layer(step: ModelStep) -> PyInstance | None:
    """The layer of a step; None for an operation that is not a layer."""
    if isinstance(step, LayerCall):
        return step.instance
    if isinstance(step, GraphTensor):
        return PyInstance(INPUT_LAYER, {"name": step.label, "output": step, "input": step})
    return None


def sublayers(instance: PyInstance) -> list[PyInstance]:
    """The layers inside a model or a layer of the program's own."""
    if isinstance(instance.extra, SequentialModel):
        return list(instance.extra.layers)
    if isinstance(instance.extra, FunctionalModel):
        try:
            return layers_of(instance.extra)
        except NotSaid:
            return []
    values = [
        each
        for value in instance.attributes.values()
        for each in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value])
    ]
    return [each for each in values if isinstance(each, PyInstance) and each.kind.descends(LAYER)]


def set_attribute(interpreter: Interpreter, given: CallGiven) -> object:
    """`layer.trainable = False` holds for all the layers inside."""
    instance, name, value = given.values
    assert isinstance(instance, PyInstance)
    if name == "trainable" and (value is None or isinstance(value, int)):
        value = bool(value)
    instance.attributes[str(name)] = value
    waiting = sublayers(instance) if name == "trainable" else []
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if id(each) not in seen:
            seen.add(id(each))
            interpreter.steps.spend(10)
            each.attributes["trainable"] = value
            waiting += sublayers(each)
    return None


def get_layer(interpreter: Interpreter, given: CallGiven) -> object:
    """`model.get_layer("block4_pool")` or `get_layer(index=3)`. Raises Raised (ValueError)."""
    model, *values = given.values
    assert isinstance(model, PyInstance)
    name = values[0] if values else given.keywords.get("name")
    index = values[1] if len(values) > 1 else given.keywords.get("index")
    if isinstance(model.extra, FunctionalModel) and model.extra.unknown is not None:
        return model.extra.unknown
    layers = sublayers(model)
    if isinstance(index, int) and -len(layers) <= index < len(layers):
        return layers[index]
    found = next((each for each in layers if each.attributes.get("name") == name), None)
    if found is not None:
        return found
    if not isinstance(name, str):
        return Unfollowed("get_layer(…)", given.place)
    known = [str(each.attributes.get("name")) for each in layers]
    raise Raised("ValueError", f'no layer "{name}"; layers here: {", ".join(known[:8])}', given.place)
