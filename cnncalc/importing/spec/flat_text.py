"""The YAML text of a flat spec: every layer under its own name, inside the modules of its file."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.importing.spec.item_text import Style, flow, item_text, quoted
from cnncalc.reading.nodes import Mapping, Sequence, SpecNode
from cnncalc.reading.scalars import plain_value

_COMMON = ("activation", "name", "from", "share_weights", "trainable")


def layer_lines(items: list[SpecNode], style: Style, indent: int = 2) -> Iterator[str]:
    """The lines of a list of layers and groups, without what they expect."""
    for item in items:
        assert isinstance(item, Mapping)
        layers = item.get("layers")
        if isinstance(layers, Sequence):
            yield f"{' ' * indent}- name: {quoted(str(plain_value(item.get('name'))))}"
            if "from" in item.entries:
                yield f"{' ' * indent}  from: {quoted(str(plain_value(item.get('from'))))}"
            yield f"{' ' * indent}  layers:"
            yield from layer_lines(layers.items, style, indent + 4)
            continue
        ((key, fields),) = item.entries.values()
        values = plain_value(fields)
        common = {name: values[name] for name in _COMMON if name in values}
        own = {name: value for name, value in values.items() if name not in (*_COMMON, "expect")}
        yield f"{' ' * indent}- {item_text(key.text, own, common, style)}"


def input_text(node: SpecNode | None) -> str:
    """The inputs by their names."""
    return flow({
        name: shape[0] if len(shape) == 1 else "x".join(map(str, shape)) or "scalar"
        for name, shape in plain_value(node).items()
    })  # fmt: skip
