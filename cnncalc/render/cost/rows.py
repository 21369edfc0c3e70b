"""The rows and the totals of the memory of training, which several formats share."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from cnncalc.analysis.cost.optimizers import OPTIMIZERS
from cnncalc.analysis.cost.training_cost import NOT_COUNTED, Cost, CostTotals, LayerCost
from cnncalc.number_text import byte_size, plural, short, show_shape, thousands


class CostColumn(NamedTuple):
    """A column of bytes: its title, and the field of layers and totals."""

    title: str
    field: str


COLUMNS = (
    CostColumn("Weights", "weight_bytes"),
    CostColumn("Gradients", "gradient_bytes"),
    CostColumn("Optimizer", "optimizer_bytes"),
    CostColumn("Kept", "kept_bytes"),
)


def folded(layers: tuple[LayerCost, ...], depth: int | None) -> list[LayerCost]:
    """The layers, with every block at `depth` as one row that has their sums."""
    if depth is None:
        return list(layers)
    rows: list[LayerCost] = []
    for path, inside in groupby(layers, key=lambda layer: layer.path[:depth]):
        block = list(inside)
        if len(path) < depth:
            rows.extend(block)
            continue
        sums = {name: sum(getattr(layer, name) for layer in block) for name in _SUMS}
        rows.append(block[0]._replace(name=".".join(path), type=plural(len(block), "layer"), kept=(), **sums))
    return rows


_SUMS = (*(column.field for column in COLUMNS), "buffer_bytes")


def cells(row: LayerCost | CostTotals) -> list[str]:
    """The sizes of a layer, or the totals, as people read them; nothing for zero."""
    values = [getattr(row, column.field) for column in COLUMNS]
    return [byte_size(value) if value else "" for value in values]


def kept_names(layer: LayerCost) -> str:
    """The tensors that a layer keeps; those that an earlier layer counts are in brackets."""
    return ", ".join(
        tensor.name if tensor.counted_by == layer.name else f"({tensor.name})" for tensor in layer.kept
    )  # fmt: skip


def facts(cost: Cost) -> list[str]:
    """The conditions under which the figures hold."""
    several = len(cost.inputs) > 1
    inputs = [
        f"input {tensor.name} {show_shape(tensor.shape)}" if several else f"input {show_shape(tensor.shape)}"
        for tensor in cost.inputs
    ]
    return [*inputs, f"batch {thousands(cost.batch)}", cost.dtype, f"optimizer {cost.optimizer}"]


def totals(cost: Cost) -> list[tuple[str, str, str]]:
    """The totals as (name, size, remark)."""
    t, peak = cost.totals, cost.peak
    states = OPTIMIZERS[cost.optimizer].states
    rows = [("Weights", t.weight_bytes, "")]
    rows += [("Buffers", t.buffer_bytes, "moving statistics and fixed numbers")] if t.buffer_bytes else []
    rows += [
        ("Gradients", t.gradient_bytes, "of the trainable weights"),
        ("Optimizer states", t.optimizer_bytes, f"{cost.optimizer}: {states or 'none'}"),
        ("Kept activations", t.kept_bytes, "from forward to backward, each tensor once"),
        ("Peak of the step", t.peak_bytes, _occurs(cost)),
        ("  activations", peak.activation_bytes, "live at the peak, with the inputs and outputs"),
        ("  their gradients", peak.activation_gradient_bytes, ""),
        ("  weight gradients", peak.weight_gradient_bytes, "so far"),
    ]
    shown = [(name, byte_size(size), remark) for name, size, remark in rows]
    if cost.checkpoints:
        blocks = plural(len(cost.checkpoints), "checkpointed block")
        shown.append(("Recomputed", f"{short(t.recomputed_macs)} MACs", f"the forward pass of {blocks}"))
    return shown


def _occurs(cost: Cost) -> str:
    phases = {
        "forward": "in the forward pass of {}", "recompute": "while {} is computed again",
        "backward": "in the backward pass of {}", "update": "in the update of the weights",
    }  # fmt: skip
    return phases[cost.peak.phase].format(cost.peak.layer)


def notes(cost: Cost) -> list[str]:
    """Sentences about the limits and the assumptions of the figures."""
    found = [f"Not counted: {NOT_COUNTED}."]
    if cost.assumed:
        found.append(f"Assumed to keep their inputs and output: {', '.join(cost.assumed)}.")
    return found
