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
