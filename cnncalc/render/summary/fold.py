"""Blocks folded into single rows."""

from __future__ import annotations

from itertools import groupby

from cnncalc.analysis.report import LayerReport
from cnncalc.number_text import plural

_SUMS = (
    "params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "macs", "flops",
    "activation_elements", "activation_bytes",
)  # fmt: skip


def fold(layers: tuple[LayerReport, ...], depth: int | None) -> tuple[LayerReport, ...]:
    """The layers with every block that lies at `depth` as one row; depth 1 folds the outermost blocks.

    A folded row has the sums of its layers, the inputs of the first and the output of the last.
    """
    if depth is None:
        return layers
    rows: list[LayerReport] = []
    for path, inside in groupby(layers, key=lambda layer: layer.path[:depth]):
        if len(path) < depth:
            rows.extend(inside)
        else:
            rows.append(merged(path, list(inside)))
    return tuple(rows)


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
