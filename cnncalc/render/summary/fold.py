"""Blocks folded into single rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from cnncalc.analysis.report import AnyLayer, LayerReport
from cnncalc.number_text import plural

_SUMS = (
    "params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "macs", "flops",
    "activation_elements", "activation_bytes",
)  # fmt: skip


def fold(layers: tuple[AnyLayer, ...], depth: int | None) -> tuple[AnyLayer, ...]:
    """The layers with every block that lies at `depth` as one row; depth 1 folds the outermost blocks.

    A folded row has the sums of its layers, the inputs of the first and the output of the last.
    """
    if depth is None:
        return layers
    rows: list[AnyLayer] = []
    for path, inside in groupby(layers, key=lambda layer: layer.path[:depth]):
        if len(path) < depth:
            rows.extend(inside)
        else:
            rows.append(block_row(path, list(inside)))
    return tuple(rows)


def block_row(path: tuple[str, ...], layers: Sequence[AnyLayer]) -> AnyLayer:
    """The layers of a block as one row, whose metrics are unknown where those of a layer are."""
    known = [layer for layer in layers if isinstance(layer, LayerReport)]
    if len(known) == len(layers):
        return merged(path, known)
    first = layers[0]
    figures = {name: [getattr(layer, name) for layer in layers] for name in _SUMS}
    sums = {name: sum(each) for name, each in figures.items() if None not in each}
    from cnncalc.importing.unshaped import UnshapedLayer  # the layers of most models have shapes

    row = UnshapedLayer(".".join(path), plural(len(layers), "layer"), first.path, first.location, 0)
    return row._replace(**sums)


def merged(path: tuple[str, ...], layers: list[LayerReport]) -> LayerReport:
    """The layers of a block as one row."""
    first, last = layers[0], layers[-1]
    return last._replace(
        name=".".join(path),
        type=plural(len(layers), "layer"),
        inputs=first.inputs,
        input_shapes=first.input_shapes,
        location=first.location,
        settings={},
        shares_with=None,
        **{name: sum(getattr(layer, name) for layer in layers) for name in _SUMS},
    )
