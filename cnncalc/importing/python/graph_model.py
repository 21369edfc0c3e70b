"""A Keras or TensorFlow file as a draft: the model that is meant, its inputs, and the nodes of its outputs."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Final

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Span, SpecError
from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request, fail
from cnncalc.importing.python import choosing, inputs, outcome
from cnncalc.importing.python.frozen_arrays import freeze
from cnncalc.importing.python.keras import example_calls
from cnncalc.importing.python.keras.configuration import KerasSetup
from cnncalc.importing.python.keras.graph import (
    GraphTape,
    GraphTensor,
    GraphTracing,
    graph_of,
    opaque,
    tensors_in,
    unknown_in,
)
from cnncalc.importing.python.keras.keras_1 import word_in
from cnncalc.importing.python.keras.model_kinds import FunctionalModel, SequentialModel
from cnncalc.importing.python.keras.models import closed
from cnncalc.importing.python.keras.replaying import inputs_of, needed, replayed
from cnncalc.importing.python.keras.unknown_rest import known_ends, unshaped_rest
from cnncalc.importing.python.only_model import models_of, needs_main_block, only_model
from cnncalc.importing.python.tensorflow.library import library
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor
from cnncalc.importing.unshaped import UnfollowedError
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.library.builtins import BUILTINS
from cnncalc.source.neighbours import Neighbours
from cnncalc.source.signals import CannotFollow, Raised, Stop
from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import CallGiven, CodePlace, PyFunction, PyInstance, PyModule, Unfollowed
from cnncalc.source.variables import Variables

_STATEMENT_STEPS: Final = 600_000
"""The limit for one statement of the program, such as a loop over data."""

_AUTOMATIC = re.compile(r"input(?:_\d+)?")
"""The names that Keras gives to inputs; the first input of a model is `input`."""


def draft_of(request: Request, file: SourceFile) -> Draft:
    """The draft of a model. Raises SpecError for whatever is wrong with the file."""
    interpreter = _interpreter(request, file)
    tracing = graph_of(interpreter)
    try:
        module, variables = _run(interpreter, request, file)
        wanted = request.variant or only_model(variables, tracing)
        try:
            value = choosing.value_of(interpreter, module, wanted, keeps_functions=True)
        except SpecError as error:
            is_unknown = all(each.message.startswith("cannot follow") for each in error.diagnostics)
            if is_unknown and tracing.problems:  # the reason why the model is unknown
                raise SpecError(tracing.problems) from None
            for each in error.diagnostics:
                each.hint = each.hint or (outcome.HOW if each.message.startswith("cannot follow") else "")
            raise
        if isinstance(value, PyInstance) and not tracing.shapes:
            _run_tests(interpreter, value, module)
        return _draft(interpreter, value, file, request)
    except Stop as limit:
        raise outcome.at_limit(interpreter, limit, file) from None


def names_of_models(request: Request, file: SourceFile) -> list[str]:
    """The names of the models of a file; none if the program takes too many steps. Raises SpecError."""
    try:
        return models_of(_run(_interpreter(request, file), request, file)[1])
    except Stop:
        return []


def _interpreter(request: Request, file: SourceFile) -> Interpreter:
    """An interpreter of Keras and TensorFlow for a file."""
    tracing = GraphTracing(file.source, GraphTape())
    tracing.shapes = request.shapes or inputs.in_comments(file.source.text)
    tracing.old_word = word_in(file.source.text)
    interpreter = Interpreter(BUILTINS, library(), Neighbours(request.path))
    interpreter.context = tracing
    interpreter.statement_steps = interpreter.loop_steps = _STATEMENT_STEPS
    interpreter.at_statement = stated_by_comment
    return interpreter


def _run(interpreter: Interpreter, request: Request, file: SourceFile) -> tuple[PyModule, Variables]:
    """Run the statements of a file, and its main block if the model may be there."""
    loader = interpreter.loader
    assert isinstance(loader, Neighbours)
    module = loader.start("model")
    interpreter.run_module(module, file)
    variables = module.variables
    assert variables is not None
    if needs_main_block(variables, request.variant or ""):
        for node in filter(inputs.is_main_block, file.tree.body):
            inputs.run_briefly(interpreter, node.body, variables)  # type: ignore[attr-defined]
    return module, variables


def stated_by_comment(interpreter: Interpreter, node: ast.stmt, variables: Variables, value: Unfollowed) -> object:
    """An unknown value of a statement, or the tensor that a comment states, made of those that the statement reads."""
    place = CodePlace(variables.file, node)
    shape = outcome.shape_in_comment(place)
    tensors = [each for each in outcome.values_of(node, variables, GraphTensor) if each.array is None]
    graph_of(interpreter).fed.extend(tensors)
    if shape is None or not tensors:
        return value
    return opaque(interpreter, tensors, shape, value.reason, place)


def _run_tests(interpreter: Interpreter, model: PyInstance, module: PyModule) -> None:
    """Run the tests of a file until one states the inputs of a model."""
    variables = module.variables
    assert variables is not None
    if isinstance(model.extra, FunctionalModel):
        return
    tracing = graph_of(interpreter)
    problems, seen = list(tracing.problems), set(tracing.seen)
    for body in inputs.tests(variables.file.tree):
        if _stated(tracing, model):
            break
        inputs.run_briefly(interpreter, body, Variables("function", variables.file, module, variables))
    tracing.problems[:] = problems
    tracing.seen = seen


def _draft(interpreter: Interpreter, value: object, file: SourceFile, request: Request) -> Draft:
    """The draft of what a reference names: a model, a layer of the program's own, tensors, or a function of tensors."""
    tracing = graph_of(interpreter)
    tracing.is_active = True
    place = CodePlace(file, file.tree)
    tape = GraphTape(of_draft=True)
    before = list(tracing.problems)
    tracing.seen.clear()
    if isinstance(value, PyInstance) and isinstance(value.extra, FunctionalModel):
        own = _tensors(value.extra.inputs, request, of_inputs=True)
        result: object = value.extra.outputs
    elif isinstance(value, PyInstance | PyFunction):
        if request.shapes and isinstance(value, PyInstance):
            _open_input(value)
        own = [_input(tracing, name, shape) for name, shape in _shapes(tracing, value, file).items()]
        tracing.unknown_calls.clear()  # those of the program's statements
        result = _called(interpreter, value, _call_on(own, _parameters(value), place))
    else:
        result = value
        own = []
    is_functional = isinstance(value, PyInstance) and isinstance(value.extra, FunctionalModel)
    unknown = unknown_in(result) if is_functional else result
    if isinstance(unknown, Unfollowed):
        outcome.ends(interpreter, unknown)
        if tracing.end is None:
            raise SpecError([each for each in tracing.problems if each not in before] or tracing.problems)
    if found_now := [each for each in tracing.problems if each in tracing.contradictions or each not in before]:
        raise SpecError(found_now)
    del tracing.problems[:]  # those of other models
    outputs = (
        _tensors(result, request, of_inputs=isinstance(value, PyInstance))
        if tracing.end is None
        else known_ends(tracing, own, result)
    )
    own = own or inputs_of(outputs)
    known = {each: _on_tape(tape, tracing, each, number) for number, each in enumerate(own)}
    found = replayed(interpreter, outputs, known, tape)
    if isinstance(found, Unfollowed):
        outcome.cannot_follow(tracing, found)
    if tracing.problems:
        raise SpecError(tracing.problems)
    assert not isinstance(found, Unfollowed)
    names = tuple(dict.fromkeys(each.name for each in found.tensors))
    if tracing.old_word:
        message = f"{tracing.old_word} is a word of Keras 1: its layers are read as Keras 1 made them"
        tracing.doubts.append(Diagnostic("E112", message, _span_of(file, tracing.old_word), severity="warning"))
    if tracing.frozen and (doubt := freeze(tape, tape.owners, tracing.frozen)):
        tracing.doubts.append(doubt)
    for node in needed(outputs):
        if node.doubt:
            tracing.doubts.append(Diagnostic("E112", node.doubt, node.place.span, severity="warning"))
    draft = Draft(
        tracing.source, "Keras source", "keras", tape.layout, tape.inputs, tape.layers, names, name=_name(value),
        doubts=tracing.doubts,
    )  # fmt: skip
    if tracing.end is not None:
        raise UnfollowedError(draft, unshaped_rest(tracing, tape, found, value, tracing.end))
    return draft


def _open_input(model: PyInstance) -> None:
    """Let the caller's shape replace the one that a Sequential and its first layer declare."""
    if isinstance(model.extra, KerasSetup):
        model.extra = model.extra._replace(shape=None)
    elif isinstance(model.extra, SequentialModel):
        model.extra.shape = None
        for first in model.extra.layers[:1]:
            _open_input(first)


def _span_of(file: SourceFile, word: str) -> Span:
    start = file.source.text.index(word)
    return Span(file.source, start, start + len(word))


def _name(value: object) -> str:
    if isinstance(value, PyInstance):
        name = value.attributes.get("name")
        return name if isinstance(name, str) else value.kind.name
    return value.name if isinstance(value, PyFunction) else ""


def _tensors(result: object, request: Request, *, of_inputs: bool = False) -> list[GraphTensor]:
    """The tensors that a model gives, those of a tuple that are tensors."""
    if isinstance(result, list | tuple):
        result = [each for each in result if isinstance(each, GraphTensor | list | tuple | dict)]
    try:
        found = [each for each in tensors_in(result) if of_inputs or each.node is not None]
    except NotSaid:
        found = []
    if not found:
        fail(request.path, "this is neither a model nor the output of one", "name a model, a function or a tensor")
    return found


def _input(tracing: GraphTracing, name: str, shape: Shape) -> GraphTensor:
    value = tracing.tape.input(name, (BATCH, *shape))
    return GraphTensor(value.dims, value=value, label=name)


def _on_tape(tape: Tape, tracing: GraphTracing, tensor: GraphTensor, number: int) -> TapeTensor:
    """An input on the draft's tape, of the shape that the caller wants."""
    wanted = tracing.shapes.get(tensor.label) or (tracing.shapes.get("") if number == 0 else None)
    if tensor.is_open and not wanted:
        hint = "give it with --input 224x224x3, or state input_shape="
        raise SpecError(
            [Diagnostic("E205", "nothing states the shape of the input", Span(tracing.source, 0, 0), hint=hint)]
        )
    own = tuple(size for size in tensor.shape[1:] if size is not None)
    name = tensor.label if number or not _AUTOMATIC.fullmatch(tensor.label) else "input"
    return tape.input(name, (BATCH, *(wanted or own)))


def _call_on(own: Sequence[GraphTensor], takes: inputs.InputParameters, place: CodePlace) -> CallGiven:
    """A call on inputs by their names, or on the list of them if no parameter has these names."""
    given: dict[str, object] = {tensor.label: tensor for tensor in own}
    if inputs.is_one_list(takes, given):
        return CallGiven([list(own)], {}, place)
    return inputs.call_with(takes, given, place)


def _called(interpreter: Interpreter, value: object, given: CallGiven) -> object:
    """The result of a model or function on inputs."""
    try:
        return interpreter.call(value, given)
    except Raised as error:
        return outcome.raised(graph_of(interpreter), error)
    except CannotFollow as reason:
        return Unfollowed(reason.reason, reason.place)


def _shapes(tracing: GraphTracing, value: PyInstance | PyFunction, file: SourceFile) -> dict[str, Shape]:
    """The shapes of the inputs by name: from the caller, or as the program states them. Raises SpecError (E205)."""
    takes = _parameters(value)
    names = takes.needed
    stated = _stated(tracing, value)
    node = value.node if isinstance(value, PyFunction) else None
    place = value.place if isinstance(value, PyInstance) else None
    span = file.span(node) if node is not None else place.span if place else Span(file.source, 0, 0)
    if inputs.is_one_list(takes, tracing.shapes):
        return dict(tracing.shapes)
    if tracing.shapes:
        return inputs.named(takes, tracing.shapes, _name(value), span)
    if stated and all(None not in each for each in stated):
        return {name: closed(shape, None) or () for name, shape in zip(names, stated, strict=False)}
    message = f"{_name(value)}: nothing states the shape of {' and '.join(names)}"
    hint = "give it with --input 32x32x3, or in a comment: # cnncalc: input 32x32x3"
    if len(stated) == 1:
        example = "x".join(str(each or 32) for each in stated[0])
        message = f"{_name(value)}: an input of open sizes {stated[0]}"
        hint = f"give them with --input {example}, or in a comment: # cnncalc: input {example}"
    raise SpecError(_mistakes_in(tracing, value) or [Diagnostic("E205", message, span, hint=hint)])


def _mistakes_in(tracing: GraphTracing, value: object) -> list[Diagnostic]:
    """The mistakes of a Sequential's layers: one that Keras refuses could have stated the input."""
    model = value.extra if isinstance(value, PyInstance) else None
    layers = model.layers if isinstance(model, SequentialModel) else []
    starts = {each.place.span.start for each in layers if each.place is not None}
    return [each for each in tracing.problems if each.span is not None and each.span.start in starts]


def _stated(tracing: GraphTracing, value: PyInstance | PyFunction) -> list[tuple[int | None, ...]]:
    if isinstance(value, PyInstance):
        if found := example_calls.stated(tracing, value):
            return found
        if isinstance(value.extra, SequentialModel | KerasSetup) and value.extra.shape:
            return [value.extra.shape]
    return []


def _parameters(value: PyInstance | PyFunction) -> inputs.InputParameters:
    """The parameters of a call, those that choose a mode without need."""
    function: object = value
    if isinstance(value, PyInstance):
        found = value.kind.find("call")
        function = found[1] if found else None
    if not isinstance(function, PyFunction):
        return inputs.InputParameters(["input"], [])
    takes = inputs.parameters(function, is_method=isinstance(value, PyInstance))
    needed = [name for name in takes.needed if name not in ("training", "mask")]
    names = [name for name in takes.names if name != "training"]
    return takes._replace(needed=needed or ["input"], names=names)
