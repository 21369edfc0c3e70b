"""The columns of the memory that training takes: weights, gradients, kept activations, the states of an optimizer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.analysis.report import AnyLayer, Report
from cnncalc.number_text import byte_size
from cnncalc.render.summary.columns import Column

if TYPE_CHECKING:
    from cnncalc.analysis.cost.training_cost import Cost

TITLES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "weights": ("Weights", "weight_bytes"),
    "gradients": ("Gradients", "gradient_bytes"),
    "kept": ("Kept for backward", "kept_bytes"),
})  # fmt: skip
"""The columns that do not depend on an optimizer: the title, and the field of a layer's cost and of the totals."""


def apart(columns: str, optimizers: Mapping[str, object]) -> tuple[str, list[str]]:
    """A list of columns without those of training, which are the optimizers and `TITLES`; and these."""
    words = [word.strip() for word in columns.split(",")]
    own = [word.lower() for word in words if word.lower() in TITLES or word.lower() in optimizers]
    return ",".join(word for word in words if word.lower() not in own), own


def training_column(key: str, cost_of: Callable[[str], Cost]) -> Column:
    """The bytes of a column of training; `cost_of` gives the cost with an optimizer, or with none for an empty name."""
    title, field = TITLES.get(key) or (f"States of {key}", "optimizer_bytes")
    cost = cost_of("" if key in TITLES else key)
    sizes: dict[str, int] = {layer.name: getattr(layer, field) for layer in cost.layers}

    def size_of(layer: AnyLayer, report: Report) -> int:
        """Of a folded block, the sum over its layers."""
        own = sizes.get(layer.name)
        if own is not None:
            return own
        return sum(size for name, size in sizes.items() if name.startswith(f"{layer.name}."))

    return Column(key, title, size_of, numeric=True, show=byte_size, total=lambda report: getattr(cost.totals, field))
