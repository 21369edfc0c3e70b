"""How much memory a forward pass needs, told before any of it is taken."""

from __future__ import annotations

import os

from cnncalc.analysis.report import Report
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
    elements = batch * (per_sample + 2 * largest) + 2 * weights
    return FLOAT_BYTES * elements + WINDOW_MATRIX_BYTES


def _item_bytes(report: Report) -> int:
    from cnncalc.graph.document import DTYPES

    return DTYPES[report.dtype]


MOST_BYTES = 1024**3
"""What a forward pass may take if nobody says more, where half of what is free is not less."""
MOST_WORK = 200_000_000_000
"""How many operations a forward pass may take if nobody says more: some seconds' work."""
_OPERATIONS_OF_A_STEP = 200_000
"""What a step of a recurrent layer takes beside its products: steps run one after the other."""


def work(graph: Graph, report: Report) -> int:
    """The operations of a forward pass, as far as they take time."""
    steps = sum(
        node.layer.stacked() * graph.inputs_of(node)[0][0]
        for node in graph.nodes
        if node.layer is not None and node.layer.family == "recurrent"
    )
    return report.totals.flops + _OPERATIONS_OF_A_STEP * steps * report.batch


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
