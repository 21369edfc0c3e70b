"""Networks of torchvision as PyTorch's exporters write them: shapes, parameters, MACs (record_onnx_networks)."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from tests.oracles.record_onnx_networks import recorded
from tests.sweeps import sampled

TABLE, FILES = recorded()


@pytest.mark.parametrize("name", sampled(sorted(TABLE), every=3, also=("swin_t_old.onnx",)))
def test_network(name: str, tmp_path: Path) -> None:
    """Every shape that ONNX's inference gives is computed, nothing is opaque, and PyTorch counts as many MACs."""
    file = tmp_path / name
    file.write_bytes(FILES.read(name))
    report = cnncalc.analyze(file)
    assert (report.totals.params, report.totals.macs) == (TABLE[name]["params"], TABLE[name]["macs"])
    assert [layer.name for layer in report.layers if layer.type == "opaque"] == []
    assert report.findings == ()
