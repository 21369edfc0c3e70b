"""Checks of what flows into a layer: how many inputs, of how many axes, and samples."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Node
from cnncalc.graph.type_lookup import Suffix
from cnncalc.layers.base import Layer
from cnncalc.number_text import show_shape, thousands


def check_inputs(kind: type[Layer], suffix: Suffix | None, shapes: tuple[Shape, ...]) -> None:
    """Refuse a number of inputs that the type cannot take, and a rank that its name denies."""
    least, most = kind.inputs
    if len(shapes) < least or (most is not None and len(shapes) > most):
        needed = f"{least}" if least == most else f"at least {least}" if most is None else f"{least} to {most}"
        plural = "input" if needed == "1" else "inputs"
        hint = (
            f"write branches, {kind.type}: [[…], […]], or from: [a, b]"
            if least > 1
            else "merge them first, or take one of them with `from`"
        )
        raise Refusal(f"{kind.type} needs {needed} {plural}, got {len(shapes)}", hint=hint, code="E307")
    if suffix is not None and len(shapes[0]) != suffix.before + suffix.spatial + 1:
        raise _wrong_rank(suffix, shapes[0])


def _wrong_rank(suffix: Suffix, shape: Shape) -> Refusal:
    axes = f"{suffix.spatial} spatial {'axis' if suffix.spatial == 1 else 'axes'}"
    steps = "steps, " * suffix.before
    needed = f"{steps}{axes} and channels" if steps else axes
    plain = suffix.name[:-2]
    lacks_steps = suffix.before and len(shape) == suffix.spatial + 1
    steps_missing = "put the number of steps in front of the shape; return_sequences=true keeps them in a layer before"
    hint = f"write {plain}, which takes the number of axes from its input"
    return Refusal(
        f"{suffix.name} needs an input with {needed}, got {show_shape(shape)}",
        hint=steps_missing if lacks_steps else hint,
        code="E303",
    )


def check_axes(kind: type[Layer], shapes: tuple[Shape, ...]) -> None:
    """Refuse a scalar where the type needs an axis, and an input without elements where it needs some."""
    if kind.least_axes and () in shapes:
        hint = "unsqueeze 1 gives it an axis: a vector of one number"
        raise Refusal(f"{kind.type} does not accept a scalar, one number per sample", hint=hint, code="E303")
    for shape in () if kind.takes_empty else shapes:
        if 0 in shape:
            hint = "a slice before it leaves no position; only merges, concat, slices and activations take that"
            raise Refusal(f"its input {show_shape(shape)} is empty", hint=hint, code="E304")


def check_samples(nodes: list[Node]) -> None:
    """Refuse inputs of which one holds several samples for each sample of another."""
    for node in nodes[1:]:
        first = nodes[0]
        if node.samples != first.samples:
            raise Refusal(
                f"{first.name} holds {thousands(first.samples)} samples for each of the model's, "
                f"{node.name} {thousands(node.samples)}",
                hint="take both from before the regions are cut out, or both after it",
                code="E308",
            )
