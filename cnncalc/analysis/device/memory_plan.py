"""The memory of a model at inference: the three peaks, and the plan for a microcontroller."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.analysis.device.arena import ALIGNMENT, Arena, plan_arena
from cnncalc.analysis.device.deployment import Constants, constants, deployed, in_memory
from cnncalc.analysis.device.least_order import least_order
from cnncalc.graph.document import DTYPES
from cnncalc.graph.model import Graph

FORMAT = 1


class InferencePeaks(NamedTuple):
    """The peak of live tensors in bytes: in the listed order, with layers in place, and in the best order as well."""

    name: str
    batch: int
    dtype: str
    listed: int
    in_place: int
    least: int
    exact: bool
    """Whether no order needs less than `least`; otherwise it is the best one that the search found."""
    order: tuple[str, ...]
    """The layers in that order; empty if the listed order needs no more."""

    def to_dict(self) -> dict[str, Any]:
        """The machine-readable form."""
        return {"format": FORMAT} | self._asdict() | {"order": list(self.order)}


class DevicePlan(NamedTuple):
    """The int8 model on a microcontroller: its operations in order, one buffer for its tensors, its stored numbers."""

    name: str
    operations: tuple[str, ...]
    arena: Arena
    flash: Constants

    def to_dict(self) -> dict[str, Any]:
        """The machine-readable form."""
        return {
            "format": FORMAT,
            "name": self.name,
            "dtype": "int8",
            "alignment": ALIGNMENT,
            "arena": self.arena.bytes,
            "flash": self.flash.total,
            "weights": self.flash.weights,
            "biases": self.flash.biases,
            "scales": self.flash.scales,
            "operations": list(self.operations),
            "tensors": [tensor._asdict() for tensor in self.arena.tensors],
        }


def inference_peaks(graph: Graph, *, batch: int = 1, dtype: str | None = None) -> InferencePeaks:
    """The peaks for `batch` samples of `dtype`, by default the spec's.

    Layers without an effect and views need no memory in all of them.
    """
    dtype = dtype or graph.dtype or "float32"
    schedule = in_memory(graph, batch=batch, item_bytes=DTYPES[dtype])
    found = least_order(schedule)
    in_place = schedule.peak(in_place=True)
    order = tuple([schedule.steps[index].name for index in found.steps]) if found.peak < in_place else ()
    return InferencePeaks(
        graph.name, batch, dtype, schedule.peak(), in_place, found.peak, found.exact, order
    )  # fmt: skip


def device_plan(graph: Graph) -> DevicePlan:
    """The plan of a graph's int8 model for one sample."""
    schedule = deployed(graph)
    return DevicePlan(graph.name, tuple([step.name for step in schedule.steps]), plan_arena(schedule), constants(graph))
