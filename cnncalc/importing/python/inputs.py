"""The shapes of a model's inputs: from the caller, a comment, or a call that the file makes itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.importing.formats import Request
from cnncalc.importing.python.tracing import Tracing
from cnncalc.importing.tensors.tensor import TapeTensor
from cnncalc.source.evaluation.module_body import run_guarded
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.signals import Stop
from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import PyFunction, PyInstance, PyModule
from cnncalc.source.variables import Variables

Sizes = tuple[int, ...]
_COMMENT = re.compile(r"#[ \t]*cnncalc:[ \t]*input[ \t]+([^\n#]+)")
_SHAPE = re.compile(r"(?:([A-Za-z_]\w*)=)?(\d+(?:[x×,]\d+)*)")
_TEST_STEPS = 150_000
_TESTS = re.compile(r"_?(?:test|main|demo|check|debug|run|try|example)", re.IGNORECASE)


def tensors(values: Sequence[TapeTensor]) -> list[object]:
    """Inputs of the tape as values of the program."""
    from cnncalc.importing.python.torch.tensor import TorchTensor

    return [TorchTensor.of(value) for value in values]


def shapes_of(
    interpreter: Interpreter, model: PyInstance, file: SourceFile, module: PyModule, request: Request
) -> dict[str, Sizes]:  # fmt: skip
    """The shape of each input by its name, without the batch. Raises SpecError (E205) if nothing states it."""
    names = parameters(model)
    given: Mapping[str, Sizes] = request.shapes or _stated(model, file)
    if given:
        return named(names, given)
    if shapes := in_tests(interpreter, model, file, module):
        return dict(zip(names, shapes, strict=False))
    place = model.kind.find("forward")
    function = place[1] if place else None
    span = function.file.span(function.node) if isinstance(function, PyFunction) else file.span(file.tree)
    span.end = span.start + 1
    listed = " ".join(f"{name}=3x32x32" for name in names) if len(names) > 1 else "3x32x32"
    message = f"{model.kind.name}: nothing states the shape of {' and '.join(names)}"
    hint = f"give it with --input {listed}, or in a comment: # cnncalc: input {listed}"
    raise SpecError([Diagnostic("E205", message, span, hint=hint)])


def named(names: list[str], given: Mapping[str, Sizes]) -> dict[str, Sizes]:
    """Shapes under the names of the parameters: those without a name in order."""
    free = iter([name for name in names if name not in given])
    return {(key or next(free, "x")): shape for key, shape in given.items()}


def parameters(model: PyInstance) -> list[str]:
    """The parameters of `forward` that a call has to give."""
    found = model.kind.find("forward")
    function = found[1] if found else None
    if not isinstance(function, PyFunction):
        return ["x"]
    arguments = function.node.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][1:]
    needed = names[: len(names) - len(arguments.defaults)] if arguments.defaults else names
    return needed or names[:1] or ["x"]


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


def in_tests(interpreter: Interpreter, model: PyInstance, file: SourceFile, module: PyModule) -> list[Sizes]:
    """The shapes of a call that the file makes: at its end, in its main block, or in a function that tests."""
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
    return []


def run_briefly(interpreter: Interpreter, body: list[ast.stmt], variables: Variables) -> None:
    """Run statements that only show how a model is used, within few steps."""
    before = interpreter.steps.left
    interpreter.steps.left = min(before, _TEST_STEPS)
    spent = interpreter.steps.left
    try:
        run_guarded(interpreter, body, variables)
    except Stop:
        interpreter.frames.clear()
    interpreter.steps.left = before - (spent - max(interpreter.steps.left, 0))


def _call_of(tracing: Tracing, model: PyInstance) -> list[Sizes]:
    """The shapes of a recorded call of the model, or of another instance of its class, without the batch."""
    for call in sorted(tracing.calls, key=lambda each: each.model is not model):
        if call.model is model or call.model.kind is model.kind:
            return [shape[1:] for shape in call.shapes]
    return []


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
