"""Networks of torchvision as PyTorch's exporters write them: shapes, parameters, MACs (record_onnx_networks)."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from tests.oracles.record_onnx_networks import counted, recorded, rows
from tests.sweeps import sampled
from tests.together import for_each

TABLE, FILES = recorded()
DIFFERENT = {
    ("swin_v2_t", "new"): "2764800 fewer MACs",
    ("swin_v2_s", "new"): "5529600 fewer MACs",
    ("swin_v2_b", "new"): "5529600 fewer MACs",
    ("mvit_v2_s", "new"): "96 opaque",
}
"""The newer exporter computes the first dense layer of each of 12 or 24 tables: 225 positions with 2 × 512 products.

It writes `x[:, :, 1:] += y` in each of the 16 attentions of MViT v2 as six ScatterND, which no layer type is.
"""


@pytest.mark.parametrize("name", sampled(sorted(TABLE), every=6, also=("swin_t_old.onnx",)))
def test_network(name: str, tmp_path: Path) -> None:
    """Every shape that ONNX's inference gives is computed, nothing is opaque, and PyTorch counts as many MACs."""
    file = tmp_path / name
    file.write_bytes(FILES.read(name))
    report = cnncalc.analyze(file)
    assert (report.totals.params, report.totals.macs) == (TABLE[name]["params"], TABLE[name]["macs"])
    assert [layer.name for layer in report.layers if layer.type == "opaque"] == []
    assert report.findings == ()


@for_each("row", rows(), ids=lambda row: f"{row['model']}_{row['exporter']}")
def test_table(row: dict[str, str]) -> None:
    """Each recorded graph is equal, its work is the module's, and so are its parameters unless they were fused.

    The older exporter does not say that the tables of coordinates of Swin v2 are buffers.
    """
    module = counted()[row["model"]]
    assert (row["verdict"], row["macs"]) == (DIFFERENT.get((row["model"], row["exporter"]), "equal"), module["macs"])
    if row["exporter"] == "old" and "swin_v2" not in row["model"]:
        assert int(row["params"]) == int(module["params"]) - int(module["unused"])
    assert int(row["params"]) > 0.9 * (int(module["params"]) - int(module["unused"]))


def test_a_fused_convolution_has_the_name_of_its_weights(tmp_path: Path) -> None:
    """The newer exporter states the module bn1 of a convolution whose batch normalization it fuses."""
    file = tmp_path / "net.onnx"
    file.write_bytes(FILES.read("resnet18_new.onnx"))
    layers = cnncalc.analyze(file).layers
    names = [layer.name for layer in layers if layer.type == "conv"]
    assert names[:3] == ["conv1", "layer1.0.conv1", "layer1.0.conv2"]
    assert "layer2.0.downsample.0" in names
