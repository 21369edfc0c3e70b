"""How much memory a forward pass needs, told before any of it is taken."""

from __future__ import annotations

import os
from collections.abc import Iterator

from cnncalc.analysis.report import LayerReport, Report
from cnncalc.graph.model import Graph

WINDOW_MATRIX_BYTES = 64 * 1024 * 1024
"""What the kernels may use beside inputs, outputs and weights: tiles of the window matrix and padded copies."""

FLOAT_BYTES = 4


def needed_bytes(graph: Graph, report: Report, *, batch: int, unshared: bool) -> int:
    """An upper estimate of a forward pass's memory in bytes, for float32."""
    per_sample = report.totals.peak_activation_bytes // _item_bytes(report) // report.batch
    largest = max((layer.activation_elements // report.batch for layer in report.layers), default=0)
    held = [layer.params + layer.buffers for layer in report.layers]
    weights = max(held, default=0)
    if unshared:
        weights += max((layer.unshared_params for layer in report.layers), default=0)
    beside = max((_beside(layer, family) for layer, family in _families(graph, report)), default=0) // report.batch
    elements = batch * (per_sample + 2 * largest + beside) + 2 * weights
    return FLOAT_BYTES * elements + WINDOW_MATRIX_BYTES


def _families(graph: Graph, report: Report) -> Iterator[tuple[LayerReport, str]]:
    """The layers, each with its family."""
    layers = [node.layer for node in graph.nodes if node.layer is not None]
    return zip(report.layers, (layer.family for layer in layers), strict=True)


def _beside(layer: LayerReport, family: str) -> int:
    """The number of values that a layer holds beside inputs and outputs: scores of attention, steps of a curve."""
    if family == "attention":
        return 3 * (layer.flops - 2 * layer.macs) // 2
    return 2 * layer.activation_elements if family == "activation" else 0


def _item_bytes(report: Report) -> int:
    from cnncalc.graph.document import DTYPES

    return DTYPES[report.dtype]


MOST_BYTES, MOST_BYTES_BUNDLED = 400 * 1024**2, 1024**3
"""What a forward pass may take if nobody says more, where half of what is free is not less."""
MOST_WORK, MOST_WORK_BUNDLED = 60_000_000_000, 400_000_000_000
"""The number of operations of a forward pass by default: some seconds' work; the bundled specs are known."""
_OPERATIONS_OF_A_STEP = 200_000
"""What a step of a recurrent layer takes beside its products: steps run one after the other."""
_OPERATIONS_OF_A_NUMBER, _OPERATIONS_OF_A_CURVE = 200, 600
"""What a number takes that is written, or that an exponential is taken of, where a product of matrices is 1 each."""
_OPERATIONS_OF_ANOTHER = 20
"""What an operation takes that belongs to no product, such as the comparisons of a pool."""


def work(graph: Graph, report: Report) -> int:
    """The operations of a forward pass, as long as they take: in additions and multiplications of matrices."""
    steps = sum(
        node.layer.stacked() * graph.inputs_of(node)[0][0]
        for node in graph.nodes
        if node.layer is not None and node.layer.family == "recurrent"
    )
    return _OPERATIONS_OF_A_STEP * steps * report.batch + sum(
        _work_of(layer, family) for layer, family in _families(graph, report)
    )


def _work_of(layer: LayerReport, family: str) -> int:
    others = max(0, layer.flops - 2 * layer.macs)
    each = _OPERATIONS_OF_A_CURVE if family in ("activation", "attention") else _OPERATIONS_OF_A_NUMBER
    written = each * layer.activation_elements
    if family == "attention":
        return 2 * layer.macs + _OPERATIONS_OF_A_NUMBER * others + written
    return 2 * layer.macs + _OPERATIONS_OF_ANOTHER * others + written


def free_bytes() -> int:
    """The memory that is free for use, in bytes; a cautious 2 GiB where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 2 * 1024**3
