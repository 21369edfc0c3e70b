"""A check that two specs describe the same network, regardless of layer names and the order of branches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from cnncalc.analysis.report import LayerReport, Report
from cnncalc.graph.model import Graph
from cnncalc.number_text import show_shape


def differences(mine: tuple[Graph, Report], theirs: tuple[Graph, Report]) -> list[str]:
    """Sentences about layers that only one of two networks has; empty if the networks are the same.

    Layers are the same if they agree in type, activation, output, parameters and MACs, and if the same layers come
    before them. An activation counts as a layer, whether it is a field or a layer.
    """
    known: dict[Hashable, int] = {}
    texts: dict[int, str] = {}
    first, second = _layers(*mine, known, texts), _layers(*theirs, known, texts)
    missing = [f"only the first has {texts[number]}" for number in (first - second).elements()]
    extra = [f"only the second has {texts[number]}" for number in (second - first).elements()]
    return [*missing, *extra]


def _layers(graph: Graph, report: Report, known: dict[Hashable, int], texts: dict[int, str]) -> Counter[int]:
    """The number of occurrences of each layer, identified together with all layers before it."""
    numbers: list[int] = []
    found: Counter[int] = Counter()
    reports = iter(report.layers)
    for index, node in enumerate(graph.nodes):
        if node.layer is None:
            numbers.append(known.setdefault(("input", index, node.shape), len(known)))
            continue
        layer = next(reports)
        before = tuple(numbers[source] for source in node.inputs)
        activation = [f"{node.activation.type} {show_shape(layer.output_shape)}"] if node.activation else []
        for text in (_text(layer), *activation):
            number = known.setdefault((text, before), len(known))
            texts[number] = text
            found[number] += 1
            before = (number,)
        numbers.append(before[0])
    return found


def _text(layer: LayerReport) -> str:
    figures = f", {layer.params} parameters, {layer.macs} MACs" if layer.params or layer.macs else ""
    return f"{layer.type} {show_shape(layer.output_shape)}{figures}"
