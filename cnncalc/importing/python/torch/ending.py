"""The end of a PyTorch model's `forward`: its outputs, what is wrong, and the arrays that nothing uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.importing.python.frozen_arrays import FrozenArray, freeze
from cnncalc.importing.python.outcome import diagnostic, ends, shape_in_comment, values_of
from cnncalc.importing.python.torch.feature_extraction import kept_modules
from cnncalc.importing.python.torch.modules.base import arrays, is_module, modules
from cnncalc.importing.python.torch.problems import report_cuts
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.tracing import BATCH, Tracing, tracing_of
from cnncalc.importing.remarks import READ_WITH_LOSS
from cnncalc.importing.tensors.tensor import BatchAxis, TapeTensor
from cnncalc.number_text import plural
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.values import Aside, CodePlace, PyInstance, Unfollowed
from cnncalc.source.variables import Variables


def stated_by_comment(interpreter: Interpreter, node: ast.stmt, variables: Variables, value: Unfollowed) -> object:
    """An unknown value of a statement, or the tensor that a comment on its last line states."""
    place = CodePlace(variables.file, node)
    found = shape_in_comment(place)
    if found is None:
        return value
    tensors = list(values_of(node, variables, TorchTensor))
    return opaque(interpreter, tensors, found, value.reason, place)


def opaque(
    interpreter: Interpreter, tensors: Sequence[TorchTensor], shape: tuple[int, ...], reason: str, place: CodePlace
) -> TorchTensor:  # fmt: skip
    """The output that a comment states, made of tensors."""
    tracing = tracing_of(interpreter)
    tracing.tape.at(tracing.position("opaque", place, reason, interpreter))
    inputs = [each.value for each in tensors if each.value is not None]
    made = tracing.tape.opaque(inputs, (BATCH, *shape), BatchAxis(0))
    tracing.places[made.name] = place
    return TorchTensor.of(made)


def output_names(interpreter: Interpreter, result: object) -> tuple[str, ...]:
    """The names of the tensors that the model gives back, from lists, dictionaries and records as well."""
    tracing = tracing_of(interpreter)
    found: dict[str, TapeTensor] = {}
    unknown: list[Unfollowed] = []
    waiting = [result]
    while waiting:
        value = waiting.pop()
        if isinstance(value, TorchTensor) and value.value is not None and value.value.name:
            found[value.value.name] = value.value
        elif isinstance(value, list | tuple):
            waiting += reversed(value)
        elif isinstance(value, dict):
            waiting += reversed(value.values())
        elif isinstance(value, PyInstance) and is_module(value):
            _not_a_tensor(tracing, value)
        elif isinstance(value, PyInstance):
            waiting += reversed(value.attributes.values())
        elif isinstance(value, Unfollowed):
            unknown.append(value)
    if unknown and not found:
        ends(interpreter, unknown[0])
    elif unknown and not isinstance(unknown[0], Aside):
        tracing.doubts.append(_not_shown(unknown[0]))
    report_cuts(tracing, found.values())
    return tuple(found)


def _not_shown(value: Unfollowed) -> Diagnostic:
    """One of several outputs is unknown: the others are shown without it."""
    message = f"one of the outputs is not shown: {diagnostic(value).message}"
    return Diagnostic(READ_WITH_LOSS, message, value.place.span, severity="warning")


def _not_a_tensor(tracing: Tracing, module: PyInstance) -> None:
    """Report a module that a model gives back: it was made, and not called."""
    assert module.place is not None
    message = f"forward returns a module, {module.kind.name}, and not a tensor"
    tracing.problem("E111", message, module.place.span, f"call it: {module.kind.name}(…)(x)")


def finish(interpreter: Interpreter, model: PyInstance) -> None:
    """Report the mistakes; else count the arrays that no layer uses, and mark the frozen ones. Raises SpecError."""
    tracing = tracing_of(interpreter)
    if tracing.problems:
        raise SpecError(tracing.problems)
    if tracing.end is None:
        _count_unused(tracing, model)
    _warn_of_lost_modules(tracing, model)
    _freeze(tracing, model)


def _count_unused(tracing: Tracing, model: PyInstance) -> None:
    """Put the arrays that no layer uses on the tape, with a warning for each module, or one for all of an unused
    network.
    """
    places: dict[tuple[str, ...], CodePlace | None] = {}
    lost: dict[tuple[str, ...], int] = {}
    called = _modules_of_called_networks(tracing, model)
    used = [path for path, each in modules(model) if id(each) in tracing.called]
    reached = {path[:depth] for path in used for depth in range(len(path))}
    dropped = tracing.dropped - kept_modules(model, tracing.dropped) if tracing.dropped else tracing.dropped
    for path, each in modules(model):
        if id(each) in dropped:
            continue
        place = places[path] = None if id(each) in called else _place_of(tracing, each, places.get(path[:-1]))
        free = [array for _, array in arrays(each) if array.name not in tracing.tape.owners]
        unused = [array for array in free if array.learned and not array.has_no_layer]
        for array in free:
            if array.has_no_layer:  # beside its module, whose name is that of a layer
                array.name = "_".join(array.name.rsplit(".", 1))
            if array.learned or array.has_no_layer:
                tracing.tape.tensor(array.array())
        if unused and place is not None:
            owner = next((up for up in _networks_around(tracing, model, path) if up not in reached), path)
            lost[owner] = lost.get(owner, 0) + sum(array.elements for array in unused)
    for path, each in modules(model):
        place = places.get(path)
        if path in lost and place is not None:
            tracing.doubts.append(_of_unused(tracing, each, path, lost[path], place))


def _of_unused(
    tracing: Tracing, module: PyInstance, path: tuple[str, ...], params: int, place: CodePlace
) -> Diagnostic:  # fmt: skip
    name = ".".join(path) or module.kind.name
    what = "is made and not called" if id(module) not in tracing.called else "has arrays that nothing uses"
    message = f"{name} {what}; its {plural(params, 'parameter')} are counted, as PyTorch counts them"
    return Diagnostic(READ_WITH_LOSS, message, place.span, severity="warning")


def _networks_around(tracing: Tracing, model: PyInstance, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The names of the modules of a ready-made network that are around a module of it, from the network on."""
    module: object = model
    is_inside = False
    for depth in range(len(path)):
        is_inside = is_inside or id(module) in tracing.networks
        if is_inside:
            yield path[:depth]
        module = module.attributes.get(path[depth]) if isinstance(module, PyInstance) else None


def _modules_of_called_networks(tracing: Tracing, model: PyInstance) -> set[int]:
    """The modules of the ready-made networks that are called as a whole; their users cannot change these."""
    whole = [each for _, each in modules(model) if id(each) in tracing.networks & tracing.called]
    return {id(inner) for each in whole for _, inner in modules(each)} - {id(model)}


def _place_of(tracing: Tracing, module: PyInstance, around: CodePlace | None) -> CodePlace | None:
    """The place of a module in the user's files, for a warning about it: that of the module around, if a class of a
    ready-made network makes both; None inside of a whole network, which its user cannot change.
    """
    place = module.place or module.kind.place
    if place is None or place.file.source.name not in tracing.programs:
        return place
    return around if around is not None and not isinstance(around.node, ast.ClassDef) else None


def _warn_of_lost_modules(tracing: Tracing, model: PyInstance) -> None:
    """Warn of layers whose only name was given to another layer."""
    kept = {id(each) for _, each in modules(model)}
    for name, module, place in tracing.replaced:
        elements = sum(array.elements for _, each in modules(module) for _, array in arrays(each) if array.learned)
        if id(module) in kept or id(module) in tracing.called or not elements or module.place is None:
            continue
        message = (
            f"{name} is assigned again in line {place.span.line}: this layer is lost, and its "
            f"{plural(elements, 'parameter')} are not counted"
        )
        tracing.doubts.append(Diagnostic(READ_WITH_LOSS, message, module.place.span, severity="warning"))


def _freeze(tracing: Tracing, model: PyInstance) -> None:
    """Mark the layers whose arrays are all frozen, and warn of those with some frozen ones."""
    learned = {array.name: (each, array) for _, each in modules(model) for _, array in arrays(each) if array.learned}
    frozen = {
        name: FrozenArray(array.elements, each.place or each.kind.place)
        for name, (each, array) in learned.items()
        if array.is_frozen
    }
    if frozen and (doubt := freeze(tracing.tape, learned, frozen)):
        tracing.doubts.append(doubt)
