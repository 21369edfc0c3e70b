"""The parameters and output shapes of each row, and the multiply-accumulates, of a model that the library builds.

The library is imported only here; torchvision's compiled operators are not needed.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("YOLO_VERBOSE", "false")
os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.gettempdir())

SHAPE = (96, 160)
"""Height and width for the files of the tests; they differ, so that swapped axes are seen."""

_KINDS = (
    ("World", "WorldModel"), ("YOLOESegment", "YOLOESegModel"), ("YOLOEDetect", "YOLOEModel"),
    ("RTDETRDecoder", "RTDETRDetectionModel"), ("Classify", "ClassificationModel"),
    ("SemanticSegment", "SemanticSegmentationModel"),
    ("Segment", "SegmentationModel"), ("Pose", "PoseModel"), ("OBB", "OBBModel"), ("Depth", "DepthModel"),
)  # fmt: skip
"""The beginning of the head's name, and the library's class of models with that head."""


class LibraryModel(NamedTuple):
    """The numbers of a model: per row the module, its parameters and the shapes of its tensors without the batch."""

    params: int
    macs: int
    rows: list[tuple[str, int, list[list[int]]]]


def is_installed() -> bool:
    return importlib.util.find_spec("ultralytics") is not None


def shipped() -> list[Path]:
    """The model files of the installed library."""
    found = importlib.util.find_spec("ultralytics")
    assert found is not None
    assert found.origin is not None
    return sorted(Path(found.origin).parent.joinpath("cfg", "models").rglob("*.yaml"))


def library_model(text: str, scale: str, size: tuple[int, int] = SHAPE) -> LibraryModel:
    """The numbers of a file at a scale, empty for a file without scales."""
    import torch
    import yaml
    from torch.utils.flop_counter import FlopCounterMode
    from ultralytics.nn import tasks

    keys = {**yaml.safe_load(text), "scale": scale, "yaml_file": "net.yaml"}
    for row in keys["backbone"] + keys["head"]:
        if row[2] == "TorchVision":
            row[3][2] = None  # the architecture without its weights
    head = keys["head"][-1][2]
    kind = next((name for begin, name in _KINDS if head.startswith(begin)), "DetectionModel")
    model = getattr(tasks, kind)(keys, ch=keys.get("channels", 3), verbose=False).eval()
    outputs: dict[int, list[list[int]]] = {}
    for module in model.model:
        module.register_forward_hook(
            lambda at, _, output: outputs.__setitem__(at.i, _shapes(output, at is model.model[-1]))
        )
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model.predict(torch.zeros(1, keys.get("channels", 3), *size))
    rows = [(module.type.rpartition(".")[2], module.np, outputs.get(module.i, [])) for module in model.model]
    return LibraryModel(sum(each.numel() for each in model.parameters()), counter.get_total_flops() // 2, rows)


def _shapes(output: Any, is_head: bool) -> list[list[int]]:
    """The shapes of an output; of a head's only what it returns for inference."""
    import torch

    if is_head and isinstance(output, tuple):
        output = output[0]
    if isinstance(output, torch.Tensor):
        return [list(output.shape[1:])]
    return [shape for each in output for shape in _shapes(each, False)] if isinstance(output, list | tuple) else []
