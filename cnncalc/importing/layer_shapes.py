"""The output shape of a layer of a draft, from the layer type's own rule: what a file may leave unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cnncalc.arithmetic.convention import Shape, setting
from cnncalc.diagnostics import Refusal
from cnncalc.layers.registry import find


def output_shape(
    type: str, arguments: Mapping[str, Any], inputs: Sequence[Shape], *, convention: str, layout: str
) -> Shape:  # fmt: skip
    """The shape without the batch of what a layer gives. Raises Refusal where it cannot take its inputs."""
    found = find(type)
    if found is None:
        raise Refusal(f'there is no layer type "{type}"')
    kind = found[0]
    values = {name: kind.fields[name].parse(value) for name, value in arguments.items() if value is not None}
    return tuple(kind(setting(convention, layout), **values).shape(*inputs))
