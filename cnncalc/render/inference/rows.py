"""The peaks of memory at inference by name, with what they assume."""

from __future__ import annotations

from cnncalc.analysis.device.memory_plan import InferencePeaks


def rows(peaks: InferencePeaks) -> list[tuple[str, int, str]]:
    """The name, the bytes and a remark of each peak."""
    best = "no order needs less" if peaks.exact else "the best order found; another may need less"
    return [
        ("in the listed order", peaks.listed, "each layer writes a new tensor; views share their input's"),
        ("with layers in place", peaks.in_place, "an elementwise layer writes over an input that nothing else needs"),
        ("in the best order, in place", peaks.least, best),
    ]


def facts(peaks: InferencePeaks) -> str:
    """The title: the model, batch and data type."""
    return f"{peaks.name or 'the model'}: peak memory of activations at inference, batch {peaks.batch}, {peaks.dtype}"
