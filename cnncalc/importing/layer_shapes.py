"""The output shape of a layer of a draft, from the layer type's own rule: what a file may leave unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cnncalc.arithmetic.convention import Shape, setting
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import find


def output_shape(
    type: str, arguments: Mapping[str, Any], inputs: Sequence[Shape], *, convention: str, layout: str,
    unbatched: tuple[int, ...] = (),
) -> Shape:  # fmt: skip
    """The shape without the batch of what a layer gives. Raises Refusal where it cannot take its inputs.

    `unbatched` are the places of the inputs without a batch axis: learned arrays, and what is made of them alone.
    """
    found = find(type)
    if found is None:
        raise Refusal(f'there is no layer type "{type}"')
    kind = found[0]
    least, most = kind.inputs
    least = min(least, 1) if convention in kind.alone else least
    if len(inputs) < least or (most is not None and len(inputs) > most):
        raise Refusal(f"{type} does not take {len(inputs)} inputs", code="E307")
    values = {name: _parsed(kind, name, value) for name, value in arguments.items() if value is not None}
    layer = kind(setting(convention, layout), **values)
    return tuple((layer.beside(unbatched) if unbatched else layer).shape(*inputs))


def _parsed(kind: type[Layer], name: str, value: Any) -> Any:
    """The value of a field. Raises Refusal, with the name of the field."""
    try:
        return kind.fields[name].parse(value)
    except Refusal as refusal:
        raise Refusal(refusal.message, hint=refusal.hint, field=name, code=refusal.code) from None


class LayerShapes:
    """The output shapes of the layers of one draft; those of equal layers with equal inputs are computed once.

    The key is all that a rule reads: the type, the arguments as they are written, the shapes of the inputs, and which
    of them have no batch axis. The convention and the layout are those of the draft.
    """

    def __init__(self, convention: str, layout: str) -> None:
        self.convention = convention
        self.layout = layout
        self.known: dict[tuple[object, ...], Shape] = {}

    def of(
        self, type: str, arguments: Mapping[str, Any], inputs: Sequence[Shape], unbatched: tuple[int, ...] = ()
    ) -> Shape:  # fmt: skip
        """The shape without the batch of what a layer gives. Raises Refusal where it cannot take its inputs."""
        key = (type, repr(arguments), *inputs, unbatched)
        if key not in self.known:
            self.known[key] = output_shape(
                type, arguments, inputs, convention=self.convention, layout=self.layout, unbatched=unbatched
            )
        return self.known[key]
