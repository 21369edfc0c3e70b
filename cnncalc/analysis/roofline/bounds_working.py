"""The working of a layer's bytes, of its intensity, and of the lower bounds of its time."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.derivation import Derivation, derive
from cnncalc.analysis.explain import LayerContext
from cnncalc.analysis.explanation import Explanation, NamedNumbers, NamedRatio
from cnncalc.analysis.legend import legend, with_symbols
from cnncalc.analysis.roofline.bounds import LayerBounds
from cnncalc.analysis.trace import trace
from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.graph.document import DTYPES
from cnncalc.graph.model import Graph, Node
from cnncalc.number_text import decimal, duration, plural, thousands


def with_bounds(
    graph: Graph, node: Node, explanation: Explanation, found: LayerBounds, *, batch: int = 1, dtype: str = "float32"
) -> Explanation:  # fmt: skip
    """The explanation of a node's layer with its traffic, and its bounds if `found` has a device."""
    layer, size = node.layer, DTYPES[dtype]
    assert layer is not None
    if not found.bytes:
        return explanation._replace(
            remarks=(*explanation.remarks, "At inference, the layer reads and writes nothing of its own.")
        )
    traced = trace(layer, graph.inputs_of(node))
    repeats = [graph.nodes[source].samples for source in node.inputs]
    taken = [prod(shape) * _times(many, batch) for shape, many in zip(traced.inputs, repeats, strict=True)]
    given = prod(traced.output) * (1 if node.unbatched else _times(node.samples, batch))
    weights = found.weight_bytes // size
    numbers = [*map(algebra.formula, taken), *([Formula("figure", weights, symbol="weights")] if weights else [])]
    traffic = (
        NamedNumbers("read", _bytes(numbers, size, found.bytes_read), ""),
        NamedNumbers("written", _bytes([algebra.formula(given)], size, found.bytes_written), ""),
    )
    added = legend(layer, traced, [each.numbers.formula for each in traffic])
    names = with_symbols(explanation.names, added)
    remark = f"A number of {dtype} has {plural(size, 'byte')}."
    return explanation._replace(
        names=names, traffic=traffic, bounds=tuple(_bounds(found)), remarks=(*explanation.remarks, remark)
    )


def _times(samples: int, batch: int) -> int:
    return LayerContext(samples=samples, batch=batch).times


def _bytes(numbers: list[Formula], size: int, value: int) -> Derivation:
    """The bytes of numbers; only the value for a layer that reads a part of its input."""
    formula = algebra.product((algebra.number(size), algebra.total(numbers)))
    return derive(formula if formula.value == value else algebra.number(value))


def _bounds(found: LayerBounds) -> Iterator[NamedRatio]:
    flops, moved = f"{thousands(found.flops)} FLOPs", f"{thousands(found.bytes)} bytes"
    if found.intensity is not None:
        yield NamedRatio("intensity", f"{flops} / {moved}", f"{decimal(found.intensity, 3)} FLOPs per byte")
    if found.device is None:
        return
    arithmetic, memory = duration(found.arithmetic_seconds) or "0 s", duration(found.memory_seconds)
    yield NamedRatio("arithmetic", f"{flops} / ({found.device.peak})", arithmetic)
    yield NamedRatio("memory", f"{moved} / ({found.device.bandwidth})", memory)
    yield NamedRatio("least time", f"max({arithmetic}, {memory})", f"{duration(found.seconds)}, bound by {found.bound}")
