"""Record networks of torchvision as both of PyTorch's exporters write them, without weights.

    python -m tests.oracles.record_onnx_networks FOLDER

exports the networks that FOLDER does not have, and writes tests/data/onnx_networks.zip: each graph with the shapes
that ONNX infers, and in table.json its parameters and multiply-accumulates. The parameters are the elements of the
initializers of the file, without moving statistics and single numbers; the MACs are PyTorch's count of the module.
"""

from __future__ import annotations

import gc
import json
import sys
import zipfile
from math import prod
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "data" / "onnx_networks.zip"
NETWORKS = {
    "resnet18": "old new", "mobilenet_v3_small": "new", "shufflenet_v2_x1_0": "old", "densenet121": "new",
    "vit_b_16": "old new", "convnext_tiny": "new", "maxvit_t": "new", "swin_t": "old", "mvit_v1_b": "old",
    "lraspp_mobilenet_v3_large": "old", "r2plus1d_18": "new",
}  # fmt: skip
"""The networks, and the exporters whose files are kept: `old` traces the module, `new` exports a program."""

_REAL = (1, 10, 11, 16)
_MOST_NUMBERS = 64


def recorded() -> tuple[dict[str, Any], zipfile.ZipFile]:
    """The rows by the file's name, and the files."""
    files = zipfile.ZipFile(FILE)
    return json.loads(files.read("table.json")), files


def main() -> None:
    import onnx

    folder = Path(sys.argv[1])
    rows: dict[str, Any] = {}
    with zipfile.ZipFile(FILE, "w", zipfile.ZIP_LZMA) as packed:
        for name, exporters in NETWORKS.items():
            for exporter in exporters.split():
                file = folder / f"{name}_{exporter}.onnx"
                if not file.exists():
                    _export(name, exporter, file)
                row = {"params": _params(onnx.load(file)), "macs": _macs(name)}
                rows[file.name] = row
                packed.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_LZMA)
        packed.writestr(zipfile.ZipInfo("table.json"), json.dumps(rows), zipfile.ZIP_LZMA)


def _module(name: str) -> tuple[Any, tuple[int, ...]]:
    """A network with random numbers, which exporters do not merge, and the sizes of its input."""
    import torch
    from torchvision import models

    backbone = {"weights_backbone": None} if "lraspp" in name else {}
    module = models.get_model(name, weights=None, **backbone).eval()
    with torch.no_grad():
        for array in module.parameters():
            array.uniform_(-1, 1)
        for array in module.buffers():
            if array.dtype.is_floating_point:
                array.uniform_(0.5, 1.5)
    video = (1, 3, 16, 224, 224) if name.startswith("mvit") else (1, 3, 16, 112, 112)
    return module, video if hasattr(models.video, name) else (1, 3, 224, 224)


def _macs(name: str) -> int:
    """PyTorch's count of the products of a module, on its meta device."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    module, sizes = _module(name)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module.to("meta")(torch.zeros(sizes, device="meta"))
    return counter.get_total_flops() // 2


def _params(model: Any) -> int:
    statistics = {each.input[k] for each in model.graph.node if each.op_type == "BatchNormalization" for k in (3, 4)}
    arrays = [each for each in model.graph.initializer if each.data_type in _REAL and each.name not in statistics]
    return sum(prod(each.dims) for each in arrays if prod(each.dims) > 1)


def _export(name: str, exporter: str, file: Path) -> None:
    import onnx
    import torch

    module, sizes = _module(name)
    x = torch.zeros(sizes)
    if exporter == "old":
        kept = torch.onnx.TrainingMode.PRESERVE
        torch.onnx.export(module, (x,), file, dynamo=False, do_constant_folding=False, training=kept)
    else:
        torch.onnx.export(module, (x,), file, dynamo=True, external_data=False, verbose=False)
    del module
    gc.collect()
    model = onnx.load(file)
    for each in model.graph.initializer:
        if prod(each.dims) > _MOST_NUMBERS and each.data_type in _REAL:
            each.ClearField("raw_data")
            each.ClearField("float_data")
    onnx.save(onnx.shape_inference.infer_shapes(model), file)


if __name__ == "__main__":
    main()
