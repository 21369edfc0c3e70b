"""The shapes of a model's inputs: from the caller, a comment, or a call that the file makes itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Span, SpecError
from cnncalc.importing.formats import Request
from cnncalc.importing.python.tracing import Tracing
from cnncalc.importing.tensors.tensor import TapeTensor
from cnncalc.source.evaluation.module_body import run_guarded
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.signals import Stop
from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import CallGiven, CodePlace, PyFunction, PyInstance, PyModule
from cnncalc.source.variables import Variables

Sizes = tuple[int, ...]
_COMMENT = re.compile(r"#[ \t]*cnncalc:[ \t]*input[ \t]+([^\n#]+)")
_SHAPE = re.compile(r"(?:([A-Za-z_]\w*)=)?(\d+(?:[x×,]\d+)*)")
_TEST_STEPS = 600_000
"""A model with a table of the distances of all its patches takes 500,000."""
_TESTS = re.compile(r"_?(?:test|main|demo|check|debug|run|try|example)", re.IGNORECASE)


def tensors(values: Sequence[TapeTensor]) -> list[object]:
    """Inputs of the tape as values of the program."""
    from cnncalc.importing.python.torch.tensor import TorchTensor

    return [TorchTensor.of(value) for value in values]


def shapes_of(
    interpreter: Interpreter, model: PyInstance, file: SourceFile, module: PyModule, request: Request
) -> dict[str, Sizes]:  # fmt: skip
    """The shape of each input by its name, without the batch. Raises SpecError (E205) if nothing states it."""
    function, takes = forward_of(model), parameters_of(model)
    span = function.file.span(function.node) if function is not None else file.span(file.tree)
    span.end = span.start + 1
    given: Mapping[str, Sizes] = request.shapes or _stated(model, file)
    if given:
        return named(takes, given, f"{model.kind.name}.forward", span)
    if shapes := in_tests(interpreter, model, file, module):
        return shapes
    raise unstated(model.kind.name, takes.needed, {}, span)


class InputParameters(NamedTuple):
    """The parameters of a function: those that a call has to give, and all of them in order.

    All is empty if the function takes any arguments, or is not written in Python.
    """

    needed: list[str]
    names: list[str]
    keywords: tuple[str, ...] = ()
    """Those of the names that are never given by position."""


def parameters(function: PyFunction, *, is_method: bool) -> InputParameters:
    """The parameters of a function, without `self`."""
    arguments = function.node.args
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][is_method:]
    needed = positional[: len(positional) - len(arguments.defaults)] if arguments.defaults else positional
    keywords = tuple(each.arg for each in arguments.kwonlyargs)
    is_open = arguments.vararg is not None or arguments.kwarg is not None
    return InputParameters(needed or positional[:1] or ["x"], [] if is_open else [*positional, *keywords], keywords)


def parameters_of(model: PyInstance) -> InputParameters:
    """The parameters of a model's `forward`."""
    function = forward_of(model)
    return InputParameters(["x"], []) if function is None else parameters(function, is_method=True)


def named(takes: InputParameters, given: Mapping[str, Sizes], title: str, span: Span) -> dict[str, Sizes]:
    """Shapes by the names of the parameters, in their order; those without a name in order.

    Raises SpecError for a name that no parameter has (E206), and for a parameter without a shape (E205).
    """
    free = iter([name for name in takes.needed if name not in given])
    found = {(key or next(free, "x")): shape for key, shape in given.items()}
    if not takes.names:
        return found
    if other := [name for name in found if name not in takes.names]:
        hint = f"it has {', '.join(takes.names)}"
        raise SpecError([Diagnostic("E206", f'{title} has no parameter "{other[0]}"', span, hint=hint)])
    if any(name not in found for name in takes.needed):
        raise unstated(title.split(".")[0], takes.needed, found, span)
    return {name: found[name] for name in takes.names if name in found}


def is_one_list(takes: InputParameters, given: Mapping[str, object]) -> bool:
    """Whether several inputs are the list that the only parameter takes, as `call(self, inputs)` of Keras does."""
    return len(given) > 1 and len(takes.needed) == 1 and not any(name in takes.names for name in given)


def unstated(title: str, names: Sequence[str], known: Mapping[str, Sizes], span: Span) -> SpecError:
    """The error for inputs of which nothing states the shape, with a command that does."""
    shapes = {name: "x".join(map(str, known.get(name, (3, 32, 32)))) for name in names}
    listed = [f"{name}={shape}" for name, shape in shapes.items()] if len(names) > 1 else list(shapes.values())
    message = f"{title}: nothing states the shape of {' and '.join(name for name in names if name not in known)}"
    options = " ".join(f"--input {each}" for each in listed)
    hint = f"give it with {options}, or in a comment: # cnncalc: input {' '.join(listed)}"
    return SpecError([Diagnostic("E205", message, span, hint=hint)])


def forward_of(model: PyInstance) -> PyFunction | None:
    """The `forward` of a model, if it is written in Python."""
    found = model.kind.find("forward")
    return found[1] if found and isinstance(found[1], PyFunction) else None


def call_with(takes: InputParameters, values: Mapping[str, object], place: CodePlace) -> CallGiven:
    """A call that gives values by the names of parameters: by position as far as none is left out."""
    left = dict(values)
    positional = [name for name in takes.names if name not in takes.keywords] or list(left)
    given = []
    for name in positional:
        if name not in left:
            break
        given.append(left.pop(name))
    return CallGiven(given, left, place)


def _stated(model: PyInstance, file: SourceFile) -> dict[str, Sizes]:
    """The shapes of a comment inside the model's class, or else of the first one outside of every class."""
    inside = [node for node in file.tree.body if isinstance(node, ast.ClassDef)]
    lines = file.source.text.split("\n")
    place = model.kind.place
    if place is not None and place.file is file:
        own = next((node for node in inside if node is place.node), None)
        if own and (shapes := in_comments("\n".join(lines[own.lineno - 1 : own.end_lineno]))):
            return shapes
    for node in inside:
        lines[node.lineno - 1 : node.end_lineno] = [""] * len(lines[node.lineno - 1 : node.end_lineno])
    return in_comments("\n".join(lines)) or (in_comments(file.source.text) if len(inside) == 1 else {})


def in_comments(text: str) -> dict[str, Sizes]:
    """The shapes of a comment `# cnncalc: input 3x32x32` or `# cnncalc: input image=3x32x32 tokens=20`."""
    found = _COMMENT.search(text)
    if found is None:
        return {}
    shapes = {}
    for match in _SHAPE.finditer(found[1]):
        shapes[match[1] or ""] = tuple(int(size) for size in re.split("[x×,]", match[2]))
    return shapes


def in_tests(interpreter: Interpreter, model: PyInstance, file: SourceFile, module: PyModule) -> dict[str, Sizes]:
    """The shapes by name of a call that the file makes: at its end, in its main block, or in a function that tests."""
    tracing = interpreter.context
    assert isinstance(tracing, Tracing)
    variables = module.variables
    assert variables is not None
    if found := _call_of(tracing, model):
        return found
    for body in tests(file.tree):
        run_briefly(interpreter, body, Variables("function", file, module, variables))
        if found := _call_of(tracing, model):
            return found
    return {}


def called_model(interpreter: Interpreter, file: SourceFile, module: PyModule) -> PyInstance | None:
    """The only model with parameters that the file calls itself, once: at its end, else in its main block, else in
    the functions that test. None if it calls none or several, or one twice, between which it may change.
    """
    tracing = interpreter.context
    assert isinstance(tracing, Tracing)
    assert module.variables is not None
    is_main = {id(node.body) for node in file.tree.body if is_main_block(node)}  # type: ignore[attr-defined]
    bodies = tests(file.tree)
    main = [body for body in bodies if id(body) in is_main]
    others = [body for body in bodies if id(body) not in is_main]
    for group in ([], main, others):
        for body in group:
            run_briefly(interpreter, body, Variables("function", file, module, module.variables))
        if found := _outermost([each.model for each in tracing.calls if not each.is_inner]):
            return found[0] if len(found) == 1 else None
    return None


def _outermost(models: list[PyInstance]) -> list[PyInstance]:
    """The models with parameters, unlike a loss, that are not a part of another model."""
    from cnncalc.importing.python.torch.modules.base import modules

    parts = {id(part) for model in models for _, part in modules(model) if part is not model}
    return [model for model in models if id(model) not in parts and _has_parameters(model)]


def _has_parameters(model: PyInstance) -> bool:
    """Whether a module or one inside has parameters."""
    from cnncalc.importing.python.torch.modules.base import arrays, modules

    return any(array.learned for _, each in modules(model) for _, array in arrays(each))


def run_briefly(interpreter: Interpreter, body: list[ast.stmt], variables: Variables) -> None:
    """Run statements that only show how a model is used, within half of the steps that are left."""
    before = interpreter.steps.left
    interpreter.steps.left = min(before // 2, _TEST_STEPS)
    spent = interpreter.steps.left
    try:
        run_guarded(interpreter, body, variables)
    except Stop:
        interpreter.frames.clear()
    interpreter.steps.left = before - (spent - max(interpreter.steps.left, 0))


def _call_of(tracing: Tracing, model: PyInstance) -> dict[str, Sizes]:
    """The shapes of a recorded call of the model, or of another instance of its class, without the batch.

    Further arguments of a call, such as targets, are not inputs of the model.
    """
    needed = parameters_of(model).needed
    for call in sorted(tracing.calls, key=lambda each: each.model is not model):
        if call.model is model or call.model.kind is model.kind:
            shapes = {**dict(zip(needed, call.shapes, strict=False)), **call.keywords}
            return {name: shapes[name][1:] for name in needed if name in shapes}
    return {}


def tests(tree: ast.Module) -> list[list[ast.stmt]]:
    """The bodies of main blocks, and of functions without needed arguments whose names say that they test."""
    return [node.body for node in tree.body if is_main_block(node) or _is_test(node)]  # type: ignore[attr-defined]


def is_main_block(node: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    if not isinstance(node, ast.If):
        return False
    return any(isinstance(each, ast.Name) and each.id == "__name__" for each in ast.walk(node.test))


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and bool(_TESTS.match(node.name)) and not _needs_arguments(node)


def _needs_arguments(node: ast.FunctionDef) -> bool:
    return len(node.args.args) > len(node.args.defaults)
