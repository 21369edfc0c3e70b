"""A Python file as a draft: the model that is meant, its input, and its layers in the order of its `forward`."""

from __future__ import annotations

import ast
import re

from cnncalc.diagnostics import SpecError
from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request, read_text
from cnncalc.importing.python import choosing, inputs, outcome
from cnncalc.importing.python.notebook import is_notebook, read_notebook
from cnncalc.importing.python.tracing import BATCH, Tracing
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.unshaped import UnfollowedError
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.library.builtins import BUILTINS
from cnncalc.source.neighbours import Neighbours
from cnncalc.source.signals import CannotFollow, Raised, Stop
from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import CodePlace, PyInstance, PyModule, Unfollowed


def draft_of(request: Request) -> Draft:
    """The draft of a model. Raises SpecError for whatever is wrong with the file."""
    source, remarks = read_notebook(request) if is_notebook(request.path) else (read_text(request), [])
    file = SourceFile(source)
    try:
        draft = torch_draft(request, file) if framework_of(source.text) == "pytorch" else keras_draft(request, file)
    except UnfollowedError:
        raise
    except SpecError as error:
        raise SpecError([*error.diagnostics, *remarks]) from None
    draft.doubts = [*remarks, *draft.doubts]
    return draft


def models_in(request: Request) -> tuple[str, ...]:
    """The names of the models of a file, as far as they can be made without arguments. Raises SpecError."""
    source, _ = read_notebook(request) if is_notebook(request.path) else (read_text(request), [])
    file = SourceFile(source)
    if framework_of(source.text) != "pytorch":
        from cnncalc.importing.python.graph_model import names_of_models

        return tuple(names_of_models(request, file)[: choosing.MOST_MODELS])
    interpreter, module = _started(request, file)
    try:
        interpreter.run_module(module, file)
        _run_main_block(interpreter, module, file, "")
    except Stop:
        return ()
    assert module.variables is not None
    return tuple(choosing.models_of(module.variables)[: choosing.MOST_MODELS])


def keras_draft(request: Request, file: SourceFile) -> Draft:
    """The draft of a file for Keras or TensorFlow."""
    from cnncalc.importing.python.graph_model import draft_of as draft

    return draft(request, file)


def torch_draft(request: Request, file: SourceFile) -> Draft:
    """The draft of a file for PyTorch."""
    interpreter, module = _started(request, file)
    try:
        interpreter.run_module(module, file)
        _run_main_block(interpreter, module, file, request.variant or "")
        model = choosing.model_of(interpreter, module, request.variant or "")
        return traced(interpreter, model, file, module, request)
    except Stop as limit:
        raise outcome.at_limit(interpreter, limit, file) from None


def _run_main_block(interpreter: Interpreter, module: PyModule, file: SourceFile, wanted: str) -> None:
    """Run the block of a file that is a program, if the file has no other value of the wanted name, or no model."""
    name = re.match(r"\w+", wanted)
    assert module.variables is not None
    if name[0] not in module.variables.names if name else not choosing.found_models(module.variables):
        for node in filter(inputs.is_main_block, file.tree.body):
            assert isinstance(node, ast.If)
            inputs.run_briefly(interpreter, node.body, module.variables)


_LOOP_STEPS = 600_000
"""The limit for a loop of a module's statements: one that trains takes more, and the model does not depend on it."""


def _started(request: Request, file: SourceFile) -> tuple[Interpreter, PyModule]:
    """An interpreter of PyTorch, and the module of the file, before it runs."""
    from cnncalc.importing.python.torch.library import library  # files for Keras need none of it

    neighbours = Neighbours(request.path)
    interpreter = Interpreter(BUILTINS, library(), neighbours)
    interpreter.context = Tracing(file.source, Tape("pytorch", "CHW", BATCH))
    interpreter.loop_steps = _LOOP_STEPS
    return interpreter, neighbours.start("model")


_TORCH = re.compile(r"^[ \t]*(?:import|from)[ \t]+torch\b", re.MULTILINE)
_KERAS = re.compile(r"^[ \t]*(?:import|from)[ \t]+(?:keras|tensorflow)\b", re.MULTILINE)
_MODULE = re.compile(r"^[ \t]*class[ \t]+\w+\(.*Module\):", re.MULTILINE)


def framework_of(text: str) -> str:
    """The framework that a file is written for, by its imports: PyTorch where it leaves them to its neighbours.

    A file that imports both is for Keras if it has no class of modules.
    """
    is_torch = _TORCH.search(text) is not None and _MODULE.search(text) is not None
    return "keras" if _KERAS.search(text) and not is_torch else "pytorch"


def traced(
    interpreter: Interpreter, model: PyInstance, file: SourceFile, module: PyModule, request: Request
) -> Draft:  # fmt: skip
    """Run the model's `forward` on inputs of the wanted shapes."""
    from cnncalc.importing.python.torch.ending import finish, output_names, stated_by_comment
    from cnncalc.importing.python.torch.evaluating import evaluate
    from cnncalc.importing.python.torch.unshaped_layers import last_names, unshaped_rest

    tracing = interpreter.context
    assert isinstance(tracing, Tracing)
    tracing.name_modules(model, ())
    shapes = inputs.shapes_of(interpreter, model, file, module, request)
    evaluate(interpreter, model, CodePlace(file, file.tree))
    tracing.start()
    values = [tracing.tape.input(name, (BATCH, *shape)) for name, shape in shapes.items()]
    interpreter.at_statement = stated_by_comment
    place = CodePlace(file, file.tree)
    try:
        given = dict(zip(shapes, inputs.tensors(values), strict=True))
        result = interpreter.call(model, inputs.call_with(inputs.parameters_of(model), given, place))
    except Raised as error:
        if error.place.node is file.tree:  # the call of the model, which is not written in the file
            error.place = outcome.written_place(model) or error.place
        result = outcome.raised(tracing, error)
    except CannotFollow as reason:
        result = Unfollowed(reason.reason, reason.place)
    names = output_names(interpreter, result)
    finish(interpreter, model)
    if not names and tracing.end is None:
        raise outcome.without_result(model)
    tape = tracing.tape
    draft = Draft(
        tracing.source, "PyTorch source", "pytorch", "CHW", tape.inputs, tape.layers, names or last_names(tape),
        name=model.kind.name, doubts=tracing.doubts,
    )  # fmt: skip
    if tracing.end is not None:
        raise UnfollowedError(draft, unshaped_rest(tracing, model, tracing.end))
    return draft
