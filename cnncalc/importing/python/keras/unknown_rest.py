"""A model that cannot be followed to its end: the nodes before that place, and the layers after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from cnncalc.diagnostics import Diagnostic
from cnncalc.importing.keras.layers import has_weights
from cnncalc.importing.python.keras.configuration import KerasSetup
from cnncalc.importing.python.keras.graph import (
    GraphNode,
    GraphTensor,
    GraphTracing,
    UnknownCall,
    child_name,
    tensors_in,
    unknown_in,
)
from cnncalc.importing.python.keras.layer_arrays import owned_by
from cnncalc.importing.python.keras.layer_calls import own_call
from cnncalc.importing.python.keras.layer_names import snake
from cnncalc.importing.python.keras.model_kinds import FunctionalModel
from cnncalc.importing.python.keras.model_layers import sublayers
from cnncalc.importing.python.keras.replaying import Replay, needed
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid
from cnncalc.importing.unshaped import UnshapedLayer, UnshapedRest
from cnncalc.layers.registry import find
from cnncalc.source.values import CodePlace, PyInstance

_CALLED = re.compile(r"(\w+)\(…\)")


def known_ends(tracing: GraphTracing, own: Sequence[GraphTensor], outputs: object) -> list[GraphTensor]:
    """The tensors that a model certainly computes from its inputs, and that no other node of the model takes.

    Nodes of another model on the same inputs are not part of this one, unless the unknown value depends on them.
    """
    nodes = _computed(tracing, own)
    others = _of_other_models(tracing, outputs)
    fed = [each for each in (*tracing.fed, *_known_in(outputs)) if each.node is not None and each.node.number in nodes]
    certain = {node.number for node in needed(fed)}
    kept = {number: node for number, node in nodes.items() if number in certain or number not in others}
    used = {each.node.number for node in kept.values() for each in node.operands if each.node is not None}
    made = (each for each in tracing.made if each.node is not None and each.part == 0)
    return [each for each in made if each.node and each.node.number in kept and each.node.number not in used]


def _computed(tracing: GraphTracing, own: Sequence[GraphTensor]) -> dict[int, GraphNode]:
    """The nodes that depend on these inputs and on no other, by their numbers."""
    inputs = {id(each) for each in own}
    found: dict[int, GraphNode] = {}
    for tensor in tracing.made:
        node = tensor.node
        sources = [each for each in node.operands if each.array is None] if node is not None else []
        if node is not None and sources and all(id(each) in inputs or _is_of(each, found) for each in sources):
            found[node.number] = node
    return found


def _is_of(tensor: GraphTensor, nodes: dict[int, GraphNode]) -> bool:
    return tensor.node is not None and tensor.node.number in nodes


def _of_other_models(tracing: GraphTracing, outputs: object) -> set[int]:
    """The nodes of the other functional models whose outputs are known."""
    known = [each for _, each in tracing.functional if each is not outputs and unknown_in(each) is None]
    return {node.number for each in known for node in needed(_known_in(each))}


def _known_in(outputs: object) -> list[GraphTensor]:
    """The tensors among outputs."""
    found: list[GraphTensor] = []
    for each in outputs.values() if isinstance(outputs, dict) else outputs if isinstance(outputs, list) else [outputs]:
        try:
            found += tensors_in(each)
        except NotSaid:
            continue
    return found


def unshaped_rest(tracing: GraphTracing, tape: Tape, replay: Replay, value: object, reason: Diagnostic) -> UnshapedRest:
    """The calls that cannot be followed, and the layers after them, in this order.

    The layers of Keras make their arrays when they see their input: the parameters of those with arrays are unknown.
    """
    layers: list[UnshapedLayer] = []
    origins: set[CodePlace] = set()
    calls = list(_calls_of(tracing, value))
    for call in calls:
        after = max((layer for number, layer in replay.ends if number <= call.after), default=0)
        is_own = isinstance(call.instance.extra, KerasSetup) and not call.instance.extra.class_name
        if call.value.place not in origins and (is_own or call.value.place is not call.instance.place):
            layers.append(_origin(tape, call, after))
        origins.add(call.value.place)
        if not is_own and not owned_by(tape, call.instance):
            layers.append(_row(tape, call.instance, _parts(call), after))
    if not calls and reason.span is not None:
        name = _word(tape, (), reason.message)
        layers.append(UnshapedLayer(name, "opaque", (), reason.span, len(tape.layers)))
    if isinstance(value, PyInstance) and own_call(value.kind):
        layers += _not_reached(tape, value, {id(call.instance) for call in calls})
    return UnshapedRest(tuple(sorted(layers, key=lambda layer: layer.after)), reason, is_counted=False)


def _calls_of(tracing: GraphTracing, value: object) -> Iterator[UnknownCall]:
    """The calls on something unknown; for a functional model, those before it was made.

    If other models have unknown outputs as well, only those of the same reason.
    """
    model = value.extra if isinstance(value, PyInstance) else None
    if not isinstance(model, FunctionalModel) or model.unknown is None:
        yield from tracing.unknown_calls.values()
        return
    unknown = [each for _, each in tracing.functional if unknown_in(each) is not None]
    for call in islice(tracing.unknown_calls.values(), model.unknown_calls):
        if len(unknown) < 2 or call.value.place == model.unknown.place:
            yield call


def _parts(call: UnknownCall) -> tuple[str, ...]:
    """The name of a layer in the model."""
    path = child_name(call.around.instance, call.instance) if call.around is not None else ()
    scope = call.around.parts if call.around is not None else ()
    return (*scope, *(path or (_name(call.instance),)))


def _name(instance: PyInstance) -> str:
    name = instance.extra.name if isinstance(instance.extra, KerasSetup) else instance.attributes.get("name")
    return name if isinstance(name, str) and name else snake(instance.kind.name)


def _origin(tape: Tape, call: UnknownCall, after: int) -> UnshapedLayer:
    """The call that cannot be followed, as an opaque layer of its own."""
    scope = call.around.parts if call.around is not None else ()
    name = _word(tape, scope, call.value.reason)
    return UnshapedLayer(name, "opaque", scope, call.value.place.span, after)


def _word(tape: Tape, scope: tuple[str, ...], reason: str) -> str:
    found = _CALLED.search(reason)
    return tape.unique(".".join((*scope, found[1] if found else "opaque")))


def _row(tape: Tape, instance: PyInstance, parts: tuple[str, ...], after: int) -> UnshapedLayer:
    """A layer after something unknown."""
    word = instance.extra.class_name if isinstance(instance.extra, KerasSetup) else ""
    found = find(word) if word else None
    place = instance.place or instance.kind.place
    assert place is not None
    kind = found[0].type if found else "opaque"
    made = UnshapedLayer(tape.unique(".".join(parts)), kind, parts[:-1], place.span, after)
    if found is None or has_weights(kind):
        return made
    return made._replace(params=0, trainable_params=0, non_trainable_params=0, buffers=0)


def _not_reached(tape: Tape, model: PyInstance, seen: set[int]) -> Iterator[UnshapedLayer]:
    """The layers of a model that the part of its `call` before the unknown value does not use."""
    waiting: list[tuple[tuple[str, ...], PyInstance]] = [((), model)]
    while waiting:
        path, instance = waiting.pop(0)
        for each in sublayers(instance):
            parts = (*path, *(child_name(instance, each) or (_name(each),)))
            if id(each) in seen or "output" in each.attributes:
                continue
            seen.add(id(each))
            if isinstance(each.extra, KerasSetup):
                yield _row(tape, each, parts, len(tape.layers))
            else:
                waiting.append((parts, each))
