"""The inputs of a spec: one shape, or a mapping of names to shapes."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Reporter, Span
from cnncalc.graph.model import Node
from cnncalc.graph.names import name_problem
from cnncalc.graph.values import Unknowable, Values, WrongValue, show
from cnncalc.layers.shapes import as_shape
from cnncalc.number_text import thousands
from cnncalc.reading.limits import MOST_AXES, MOST_ELEMENTS, too_many_elements
from cnncalc.reading.nodes import Mapping, SpecNode


def read_inputs(root: Mapping, values: Values, given: object, report: Reporter) -> list[Node]:
    """A node per input, `given` (a shape, or a mapping of names to shapes) in place of what the spec says."""
    written = root.get("input")
    if isinstance(written, Mapping):
        nodes = [
            Node(name, None, (), _shape(value, values, name, report, _is_given(name, given)), key.span)
            for name, (key, value) in written.entries.items()
        ]
        for problem in (name_problem(key.text, key.span) for key, _ in written.entries.values()):
            if problem:
                report(problem)
        if not nodes:
            report(Diagnostic("E205", "`input` names no inputs", written.span, hint="write for example input: 32x32x3"))
            nodes = [Node("input", None, (), None, written.span)]
    else:
        is_given = _is_given("input", given)
        shape = _shape(written, values, "input", report, is_given) if written is not None else None
        nodes = [Node("input", None, (), shape, (written or root).span)]
    if given is not None:
        _replace(nodes, given, root, report)
    for node in nodes:
        if node.shape is not None and len(node.shape) > MOST_AXES:
            message = f"{node.name}: {thousands(len(node.shape))} axes; the limit is {MOST_AXES}"
            report(Diagnostic("E103", message, node.span))
            node.shape = None
        if node.shape is not None and prod(node.shape) > MOST_ELEMENTS:
            report(too_many_elements(node.name, node.span))
            node.shape = None
    return nodes


def _is_given(name: str, given: object) -> bool:
    """Whether another shape takes the place of the one that the spec says."""
    return name in given if isinstance(given, AnyMapping) else given is not None


def _shape(node: SpecNode, values: Values, name: str, report: Reporter, is_given: bool) -> Shape | None:
    """The shape that a spec says; None for an invalid one, which is not reported if it is open and another is given."""
    try:
        value = values.read(node)
    except WrongValue as mistake:
        report(mistake.diagnostic)
        return None
    except Unknowable:
        return None
    shape = as_shape(value)
    if shape is None and not (is_given and isinstance(value, str) and _is_open(value)):
        report(_no_shape(name, value, node.span))
    return shape


def _is_open(text: str) -> bool:
    from cnncalc.reading.sizes import is_open  # most inputs are written plainly

    return is_open(text)


def _replace(nodes: list[Node], given: object, root: Mapping, report: Reporter) -> None:
    by_name = {node.name: node for node in nodes}
    if len(nodes) > 1 and not isinstance(given, AnyMapping):
        message = f"the spec has {len(nodes)} inputs, {', '.join(by_name)}: one shape does not say which"
        report(Diagnostic("E204", message, root.span, hint=f"name it, for example {nodes[0].name}=224x224x3"))
        return
    shapes = given if isinstance(given, AnyMapping) else {nodes[0].name: given}
    for name, value in shapes.items():
        shape = as_shape(value)
        if name not in by_name:
            hint = f"it has {', '.join(by_name)}"
            report(Diagnostic("E206", f'the spec has no input "{name}"', root.span, hint=hint))
        elif shape is None:
            report(_no_shape("input", value, root.span))
        else:
            by_name[name].shape = shape


def _no_shape(name: str, value: object, span: Span) -> Diagnostic:
    from cnncalc.graph.hints import shape_hint  # most inputs have one

    return Diagnostic("E204", f"{name}: {show(value)} is not a shape", span, hint=shape_hint(value))
