"""The end of a model's `forward`: its outputs, what is wrong, and the arrays that nothing uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeVar

from cnncalc.diagnostics import Diagnostic, SpecError, did_you_mean
from cnncalc.importing.python.torch.modules.base import arrays, is_module, modules
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.tracing import BATCH, Tracing, tracing_of
from cnncalc.importing.remarks import READ_WITH_LOSS
from cnncalc.importing.tensors.tensor import BatchAxis
from cnncalc.number_text import plural
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.signals import Raised
from cnncalc.source.values import Aside, CodePlace, PyFunction, PyInstance, Refused, Unfollowed
from cnncalc.source.variables import Variables

Value = TypeVar("Value")
_STATED = re.compile(r"#[ \t]*cnncalc:[ \t]*(\d+(?:[x×]\d+)*)")
_GIVE = re.compile(r"; give (?:it|them) with --input")
_EXCEPTION = re.compile(r"\w+(?:Error|Exception): ")
HOW = 'give its output with a comment on that line, such as "# cnncalc: 128x7x7"'


def shape_in_comment(place: CodePlace) -> tuple[int, ...] | None:
    """The shape that a comment on the last line of a statement or call states, `# cnncalc: 128x7x7`."""
    found = _STATED.search(place.file.source.line_text(getattr(place.node, "end_lineno", None) or place.span.line))
    return tuple(int(size) for size in re.split("[x×]", found[1])) if found else None


def stated_by_comment(interpreter: Interpreter, node: ast.stmt, variables: Variables, value: Unfollowed) -> object:
    """An unknown value of a statement, or the tensor that a comment on its last line states."""
    place = CodePlace(variables.file, node)
    found = shape_in_comment(place)
    if found is None:
        return value
    tracing = tracing_of(interpreter)
    tracing.tape.at(tracing.position("opaque", place, value.reason, interpreter))
    inputs = [each.value for each in values_of(node, variables, TorchTensor) if each.value is not None]
    made = tracing.tape.opaque(inputs, (BATCH, *found), BatchAxis(0))
    tracing.places[made.name] = place
    return TorchTensor.of(made)


def values_of(node: ast.stmt, variables: Variables, kind: type[Value]) -> Iterator[Value]:
    """The values of a class that a statement reads by name."""
    seen = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and each.id not in seen:
            seen.add(each.id)
            holder = variables.holder(each.id)
            value = holder.names[each.id] if holder else None
            if isinstance(value, kind):
                yield value


def raised(tracing: Tracing, error: Raised) -> Unfollowed:
    """An exception that the model certainly raises."""
    said = f"{error.kind}: {error.message}" if error.message else error.kind
    tracing.problem("E111", f"the model raises {said}", error.place.span)
    return Unfollowed(said, error.place)


def output_names(interpreter: Interpreter, result: object) -> tuple[str, ...]:
    """The names of the tensors that the model gives back, from lists, dictionaries and records as well."""
    tracing = tracing_of(interpreter)
    found: dict[str, None] = {}
    unknown: list[Unfollowed] = []
    waiting = [result]
    while waiting:
        value = waiting.pop()
        if isinstance(value, TorchTensor) and value.value is not None and value.value.name:
            found[value.value.name] = None
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
    return tuple(found)


def _not_shown(value: Unfollowed) -> Diagnostic:
    """One of several outputs is unknown: the others are shown without it."""
    message = f"one of the outputs is not shown: {diagnostic(value).message}"
    return Diagnostic(READ_WITH_LOSS, message, value.place.span, severity="warning")


_NAME = re.compile(r"(torch(?:\.nn(?:\.functional)?)?|the tensor method)[. ](\w+)\(…\)$")


def _similar(interpreter: Interpreter, value: Unfollowed) -> str:
    """A name of PyTorch that is close to one that it does not have."""
    found = _NAME.match(value.reason)
    if found is None:
        return ""
    start = f"{found[1]}." if found[1].startswith("torch") else "torch.Tensor."
    names = (path.removeprefix(start) for path in interpreter.library if path.startswith(start))
    return did_you_mean(found[2], [name for name in names if "." not in name and not name.endswith("_")])


def is_mistake(value: Unfollowed) -> bool:
    """Whether a value is unknown because of a mistake, or sizes that the program leaves open."""
    is_refused = isinstance(value, Refused) or _EXCEPTION.match(value.reason) is not None
    return is_refused or diagnostic(value).code != "E111"


def ends(interpreter: Interpreter, value: Unfollowed) -> None:
    """No output is known: what can be followed ends here, unless a mistake explains it."""
    tracing, found = tracing_of(interpreter), diagnostic(value)
    if tracing.problems or is_mistake(value):
        cannot_follow(tracing, value)
    else:
        tracing.end = Diagnostic(found.code, found.message, found.span, hint=_similar(interpreter, value) or HOW)


def _not_a_tensor(tracing: Tracing, module: PyInstance) -> None:
    """Report a module that a model gives back: it was made, and not called."""
    assert module.place is not None
    message = f"forward returns a module, {module.kind.name}, and not a tensor"
    tracing.problem("E111", message, module.place.span, f"call it: {module.kind.name}(…)(x)")


def forward_place(model: PyInstance) -> CodePlace | None:
    """Where the program defines a model's `forward`."""
    found = model.kind.find("forward")
    function = found[1] if found else None
    return CodePlace(function.around.file, function.node) if isinstance(function, PyFunction) else None


def without_result(model: PyInstance) -> SpecError:
    """The error for a model whose `forward` gives back no tensor."""
    place = forward_place(model) or model.place
    assert place is not None
    message = f"forward of {model.kind.name} returns no tensor"
    return SpecError([Diagnostic("E111", message, place.span, hint="return the output")])


def cannot_follow(tracing: Tracing, value: Unfollowed) -> None:
    """Report what cannot be followed, unless a mistake explains it."""
    if not tracing.problems:
        found, how = diagnostic(value), "" if isinstance(value, Refused) else HOW
        tracing.problem(found.code, found.message, value.place.span, found.hint or how)


def diagnostic(value: Unfollowed) -> Diagnostic:
    """The reason why a value is unknown: an exception that the program raises, open sizes, or something unknown."""
    span = value.place.span
    if isinstance(value, Refused):
        return Diagnostic(value.code, value.reason, span, hint=value.hint)
    if _EXCEPTION.match(value.reason):
        return Diagnostic("E111", value.reason, span)
    if found := _GIVE.search(value.reason):
        return Diagnostic("E205", value.reason[: found.start()], span, hint=value.reason[found.start() + 2 :])
    return Diagnostic("E111", f"cannot follow {value.reason}", span)


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
    """Put the arrays that no layer uses on the tape, with a warning for each module."""
    places: dict[tuple[str, ...], CodePlace | None] = {}
    for path, each in modules(model):
        place = places[path] = _place_of(tracing, each, places.get(path[:-1]))
        free = [array for _, array in arrays(each) if array.name not in tracing.tape.owners]
        unused = [array for array in free if array.learned and not array.has_no_layer]
        for array in free:
            if array.has_no_layer:  # beside its module, whose name is that of a layer
                array.name = "_".join(array.name.rsplit(".", 1))
            if array.learned or array.has_no_layer:
                tracing.tape.tensor(array.array())
        if not unused or place is None:
            continue
        count = sum(array.elements for array in unused)
        name = ".".join(path) or model.kind.name
        what = "is made and not called" if id(each) not in tracing.called else "has arrays that nothing uses"
        message = f"{name} {what}; its {plural(count, 'parameter')} are counted, as PyTorch counts them"
        tracing.doubts.append(Diagnostic(READ_WITH_LOSS, message, place.span, severity="warning"))


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
    """Mark the layers whose arrays are all frozen."""
    frozen: dict[str, bool] = {}
    for _, each in modules(model):
        for _, array in arrays(each):
            owner = tracing.tape.owners.get(array.name)
            if owner is not None and array.learned:
                frozen[owner] = frozen.get(owner, True) and array.is_frozen
    for layer in tracing.tape.layers:
        if frozen.get(layer.name) and layer.trainable is True:
            layer.trainable = False
