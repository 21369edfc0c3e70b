"""From a complete graph to a report: every metric of every layer, in one pass."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.check_claims import broken_claims
from cnncalc.analysis.memory import elements, peak
from cnncalc.analysis.receptive_field import View, views
from cnncalc.analysis.report import LayerReport, Report, Tensor, Totals
from cnncalc.arithmetic.convention import Shape
from cnncalc.graph.document import DTYPES
from cnncalc.graph.model import Graph, Node
from cnncalc.graph.used_layer import UsedLayer
from cnncalc.layers.base import Layer

_Field = tuple[tuple[int, ...] | None, tuple[int | float, ...] | None]
_Counted = tuple[int, int, int, int, int, int, int, int, int]
"""A layer's metrics, in the order of the report: parameters (all, trainable, non-trainable, buffers, unshared), MACs,
FLOPs, elements and bytes of the output."""


def report_on(
    graph: Graph, *, batch: int = 1, dtype: str = "float32", seen: list[View | None] | None = None
) -> Report:  # fmt: skip
    """The report of a graph. Operations and memory are counted for `batch` samples of `dtype`.

    `seen` is the view of every node, if the caller has already computed it.
    """
    sizes = [elements(node, batch) for node in graph.nodes]
    survey = _Survey(graph, batch, sizes, DTYPES[dtype], views(graph) if seen is None else seen)
    layers = tuple([survey.layer(node, index) for index, node in enumerate(graph.nodes) if node.layer is not None])
    most = peak(graph.nodes, sizes, [index for _, index in graph.outputs]).elements * DTYPES[dtype]
    report = Report(
        graph.name, graph.setting.convention.name, graph.setting.layout, dtype, batch,
        tuple(Tensor(node.name, node.shape or ()) for node in graph.sources),
        layers,
        tuple(Tensor(name, graph.nodes[index].shape or ()) for name, index in graph.outputs),
        _totals(layers, most, DTYPES[dtype]),
        description=graph.description, source=graph.source, year=graph.year, doubts=graph.doubts,
        remarks=graph.remarks,
    )  # fmt: skip
    return report._replace(findings=tuple(broken_claims(graph, report)))


class _Survey:
    """A walk over the nodes in execution order."""

    def __init__(
        self, graph: Graph, batch: int, sizes: list[int], item_bytes: int, seen: list[View | None]
    ) -> None:  # fmt: skip
        self.graph = graph
        self.batch = batch
        self.sizes = sizes
        self.item_bytes = item_bytes
        self.views = seen
        self._settings: dict[Layer, dict[str, Any]] = {}
        self._last: tuple[View | None, _Field] = (None, (None, None))

    def settings(self, layer: Layer) -> dict[str, Any]:
        known = self._settings.get(layer)
        if known is None:
            known = self._settings[layer] = layer.values()
        return known

    def layer(self, node: Node, index: int) -> LayerReport:
        graph, use = self.graph, self.graph.use_of(node)
        sizes, strides = self.seen(self.views[index])
        return LayerReport(
            node.name,
            use.layer.type,
            tuple([graph.nodes[source].name for source in node.inputs]),
            use.inputs,
            node.shape or (),
            *self.count(node, use, self.sizes[index]),
            sizes,
            strides,
            node.span,
            node.path,
            self.settings(use.layer),
            None if node.shares is None else graph.nodes[node.shares].name,
            node.samples,
        )

    def seen(self, view: View | None) -> _Field:
        """Receptive field and effective stride. Neighbouring layers often share a view, which is evaluated once."""
        if view is not self._last[0]:
            sizes, strides = (view.sizes, view.strides) if view else (None, None)
            before = self._last[1][1]
            self._last = view, (sizes, before if strides == before else strides)  # few layers change the strides
        return self._last[1]

    def count(self, node: Node, use: UsedLayer, size: int) -> _Counted:
        """Parameters, operations and memory of a node whose output has `size` elements."""
        counts = use.counts
        flops = counts.flops
        if node.activation is not None:
            flops += node.activation.elementwise(use.output, use.output)
        shared = node.shares is not None and not node.ties
        learned = 0 if shared else counts.learned
        if node.ties:
            learned -= in_common(node, use.layer, use.inputs, use.output)
        statistics = 0 if shared else counts.statistics
        in_params = self.graph.setting.convention.statistics_are_params
        samples = 1 if node.unbatched else node.samples * self.batch
        return (
            learned + (statistics if in_params else 0),
            learned if node.trainable else 0,
            (0 if node.trainable else learned) + (statistics if in_params else 0),
            0 if in_params else statistics,
            counts.unshared + (counts.unshared_statistics if in_params else 0),
            counts.macs * samples,
            flops * samples,
            size,
            size * self.item_bytes,
        )


def in_common(node: Node, layer: Layer, inputs: tuple[Shape, ...], output: Shape) -> int:
    """The number of a node's weights in arrays shared with a different node, which counts them."""
    if not node.ties:
        return 0
    names = {tie.mine for tie in node.ties}
    return sum(weight.size for weight in layer.weights(*inputs, output) if weight.name in names)


def _totals(layers: tuple[LayerReport, ...], peak_bytes: int, item_bytes: int) -> Totals:
    params = sum([layer.params for layer in layers])
    buffers = sum([layer.buffers for layer in layers])
    return Totals(
        params=params,
        trainable_params=sum([layer.trainable_params for layer in layers]),
        non_trainable_params=sum([layer.non_trainable_params for layer in layers]),
        buffers=buffers,
        unshared_params=sum([layer.unshared_params for layer in layers]),
        macs=sum([layer.macs for layer in layers]),
        flops=sum([layer.flops for layer in layers]),
        param_bytes=params * item_bytes,
        activation_elements=sum([layer.activation_elements for layer in layers]),
        peak_activation_bytes=peak_bytes,
    )
