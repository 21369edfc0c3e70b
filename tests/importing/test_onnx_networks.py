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


def test_a_fused_convolution_has_the_name_of_its_weights(tmp_path: Path) -> None:
    """The newer exporter states the module bn1 of a convolution whose batch normalization it fuses."""
    file = tmp_path / "net.onnx"
    file.write_bytes(FILES.read("resnet18_new.onnx"))
    layers = cnncalc.analyze(file).layers
    names = [layer.name for layer in layers if layer.type == "conv"]
    assert names[:3] == ["conv1", "layer1.0.conv1", "layer1.0.conv2"]
    assert "layer2.0.downsample.0" in names
