"""The figures of a model that are compared."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

Shape = list[int | None]


class Figures(NamedTuple):
    """A model in its framework, per sample; None where the framework cannot count, or a size is open."""

    params: int
    trainable: int
    inputs: dict[str, Shape]
    outputs: list[Shape]
    macs: int | None
    layers: list[tuple[int, Shape]]

    @property
    def has_open_sizes(self) -> bool:
        return any(size is None for shape in self.inputs.values() for size in shape)


def differences(report: Any, real: Figures) -> list[str]:
    """The figures of a report that are not those of the framework, with both."""
    totals = report.totals
    pairs = [("params", totals.params, real.params), ("trainable", totals.trainable_params, real.trainable)]
    if real.macs is not None and not real.has_open_sizes:
        pairs.append(("macs", totals.macs, real.macs))
    found = [f"{name} {mine} is {theirs}" for name, mine, theirs in pairs if mine != theirs]
    outputs = [list(each.shape) for each in report.outputs]
    if len(outputs) != len(real.outputs) or not all(map(_agree, outputs, real.outputs)):
        found.append(f"outputs {outputs} are {real.outputs}")
    if missing := _layers(real) - Counter((each.params, tuple(each.output_shape)) for each in report.layers):
        found.append(f"layers {sorted(missing)[:3]} are missing")
    return found


def _layers(real: Figures) -> Counter[tuple[int, tuple[int | None, ...]]]:
    return Counter((params, tuple(shape)) for params, shape in real.layers if params and None not in shape)


def _agree(mine: list[int], theirs: Shape) -> bool:
    return len(mine) == len(theirs) and all(size is None or size == own for own, size in zip(mine, theirs, strict=True))
