"""Estimates of a forward pass's memory and operations, made before it runs."""

from __future__ import annotations

import os
from collections.abc import Iterator

from cnncalc.analysis.report import LayerReport, Report
from cnncalc.graph.model import Graph

WINDOW_MATRIX_BYTES = 64 * 1024 * 1024
"""Memory of the kernels in addition to inputs, outputs and weights: tiles of the window matrix and padded copies."""

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
    """The number of values that a layer needs in addition to inputs and outputs, such as attention scores."""
    if family == "attention":
        return 3 * (layer.flops - 2 * layer.macs) // 2
    return 2 * layer.activation_elements if family == "activation" else 0


def _item_bytes(report: Report) -> int:
    from cnncalc.graph.document import DTYPES

    return DTYPES[report.dtype]


MOST_BYTES, MOST_BYTES_BUNDLED = 400 * 1024**2, 1024**3
"""The default memory limits of a forward pass, unless half of the free memory is less."""
MOST_WORK, MOST_WORK_BUNDLED = 60_000_000_000, 400_000_000_000
"""The default limits on the operations of a forward pass, some seconds; bundled specs are known and may take longer."""
_OPERATIONS_OF_A_STEP = 200_000
"""The overhead of one step of a recurrent layer, since steps run sequentially."""
_OPERATIONS_OF_A_NUMBER, _OPERATIONS_OF_A_CURVE = 200, 600
"""The costs of writing a number and of an exponential, relative to an operation of a matrix product."""
_OPERATIONS_OF_ANOTHER = 20
"""The relative cost of an operation outside products, such as a comparison in a pool."""


def work(graph: Graph, report: Report) -> int:
    """The cost of a forward pass, in equivalent operations of matrix products."""
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
    """The free memory in bytes; a conservative 2 GiB if the system does not report it."""
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
