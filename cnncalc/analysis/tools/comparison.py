"""The counts of other tools for a model, and what their differences from its multiply–accumulates consist of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import load
from cnncalc.analysis.tools.calflops import CALFLOPS
from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.calls import calls_of
from cnncalc.analysis.tools.flop_counter import FLOP_COUNTER
from cnncalc.analysis.tools.fvcore import FVCORE
from cnncalc.analysis.tools.onnx_tool import ONNX_TOOL
from cnncalc.analysis.tools.ptflops import PTFLOPS
from cnncalc.analysis.tools.tf_profiler import TF_PROFILER
from cnncalc.analysis.tools.thop import THOP
from cnncalc.analysis.tools.tool import UNKNOWN, CountRule, Tool
from cnncalc.analysis.tools.torchinfo import TORCHINFO
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Layer
from cnncalc.layers.counts import count
from cnncalc.reading.load import Reference

TOOLS: Mapping[str, Tool] = {
    "thop": THOP, "fvcore": FVCORE, "ptflops": PTFLOPS, "calflops": CALFLOPS, "torchinfo": TORCHINFO,
    "flop_counter": FLOP_COUNTER, "onnx_tool": ONNX_TOOL, "tf_profiler": TF_PROFILER,
}  # fmt: skip
"""Each tool by the word that chooses it."""


class ToolCount(NamedTuple):
    """A tool's count of one call, with the rule; `operations` is None if the tool's rule is not known."""

    type: str
    family: str
    macs: int
    biases: int
    """One operation per output, if the call adds a bias."""
    operations: int | None
    rule: CountRule
    has_weights: bool = False

    @property
    def is_mistaken(self) -> bool:
        """Whether the tool counts multiply–accumulates against the operation's definition."""
        return bool(self.rule.mistake and self.macs)

    def rest(self, tool: Tool) -> int:
        """The count less the tool's multiple of the multiply–accumulates."""
        return (self.operations or 0) - tool.per_mac * self.macs


class LayerCounts(NamedTuple):
    """A layer's counts by each tool: one for every operation that the layer consists of."""

    name: str
    type: str
    macs: int
    flops: int
    tools: Mapping[str, tuple[ToolCount, ...]]

    def operations(self, tool: str) -> int | None:
        """A tool's count of the layer; None if one of its operations has no known rule."""
        counts = [each.operations for each in self.tools[tool]]
        return None if None in counts else sum(count for count in counts if count is not None)


class ToolComparison(NamedTuple):
    """The counts of several tools for a model, for one sample."""

    name: str
    layers: tuple[LayerCounts, ...]
    tools: tuple[str, ...]

    @property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    @property
    def flops(self) -> int:
        return sum(layer.flops for layer in self.layers)

    def total(self, tool: str) -> int:
        """A tool's count of the layers whose rules are known."""
        return sum(each.operations or 0 for layer in self.layers for each in layer.tools[tool])

    def unknown(self, tool: str) -> list[str]:
        """The types of layers with multiply–accumulates for which the tool's rule is not known."""
        return sorted({each.type for layer in self.layers for each in layer.tools[tool] if each.operations is None})

    def total_of_functions(self, tool: str) -> int:
        """The tool's total if every layer without learned parameters is called as a function, not as a module."""
        rule = TOOLS[tool].of_functions
        return sum(
            (each.operations or 0) if each.has_weights else rule(each.operations or 0, each.rule)
            for layer in self.layers
            for each in layer.tools[tool]
        )

    def parts(self, tool: str) -> dict[str, int]:
        """The tool's total less its multiple of the MACs, by cause, largest first; the parts add up to the rest."""
        found: dict[str, int] = {}
        for layer in self.layers:
            for each in layer.tools[tool]:
                rest = each.rest(TOOLS[tool])
                if rest:
                    cause = "biases" if rest == each.biases else each.type if each.is_mistaken else each.family
                    found[cause] = found.get(cause, 0) + rest
        return dict(sorted(found.items(), key=lambda part: -abs(part[1])))

    def mistakes(self, tool: str) -> list[tuple[LayerCounts, ToolCount]]:
        """The first layer of each type that the tool counts against the operation's definition."""
        found: dict[str, tuple[LayerCounts, ToolCount]] = {}
        for layer in self.layers:
            for each in layer.tools[tool]:
                if each.rule.mistake and each.rest(TOOLS[tool]) not in (0, each.biases):
                    found.setdefault(each.type, (layer, each))
        return list(found.values())


def count_with_tools(graph: Graph, tools: Iterable[str] = TOOLS) -> ToolComparison:
    """The counts of the tools for every layer of a graph, for one sample."""
    chosen = tuple(tools)
    layers = tuple(_layer(graph, node, node.layer, chosen) for node in graph.nodes if node.layer is not None)
    return ToolComparison(graph.name, layers, chosen)


def compare_tools(source: Reference, tools: Iterable[str] = TOOLS, **options: Any) -> ToolComparison:
    """The counts of other tools for a model; options are those of `load`.

    Raises SpecError for an invalid spec, and KeyError for an unknown tool.

    >>> found = compare_tools("32x32x3 -> conv 20 8x8 s2 p1", ["thop", "calflops"])
    >>> found.macs, found.total("thop"), found.total("calflops")
    (752640, 752640, 1509200)
    """
    return count_with_tools(load(source, **options), [name for name in tools if TOOLS[name]])


def _layer(graph: Graph, node: Node, layer: Layer, tools: tuple[str, ...]) -> LayerCounts:
    calls = calls_of(graph, node)
    own = count(layer, node.activation, graph.inputs_of(node), node.shape or ())
    counts = {name: tuple(_count(TOOLS[name], call, node.samples) for call in calls) for name in tools}
    return LayerCounts(node.name, layer.type, own.macs * node.samples, own.flops * node.samples, counts)


def _count(tool: Tool, call: FrameworkCall, samples: int) -> ToolCount:
    rule = tool.rule(call)
    counted = None if rule is None else rule.count(call) * samples
    biases = call.y * samples if call.has_bias else 0
    return ToolCount(
        call.type, call.layer.family, call.macs * samples, biases, counted, rule or UNKNOWN, bool(call.weights)
    )
