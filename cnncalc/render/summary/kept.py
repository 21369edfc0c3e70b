"""The column of the activations that training keeps for the backward pass."""

from __future__ import annotations

from cnncalc.analysis.cost.training_cost import Cost
from cnncalc.analysis.report import AnyLayer, Report
from cnncalc.number_text import byte_size
from cnncalc.render.summary.columns import Column

KEY = "kept"


def without_kept(columns: str) -> tuple[str, bool]:
    """A list of columns without this one, and whether it is in the list."""
    words = columns.split(",")
    others = [word for word in words if word.strip().lower() != KEY]
    return ",".join(others), len(others) < len(words)


def kept_column(cost: Cost) -> Column:
    """The bytes that each layer is the first to keep; of a folded block, those of its layers."""
    sizes = {layer.name: layer.kept_bytes for layer in cost.layers}

    def kept(layer: AnyLayer, report: Report) -> int:
        own = sizes.get(layer.name)
        if own is not None:
            return own
        return sum(size for name, size in sizes.items() if name.startswith(f"{layer.name}."))

    return Column(
        KEY, "Kept for backward", kept, numeric=True, show=byte_size, total=lambda report: cost.totals.kept_bytes
    )
