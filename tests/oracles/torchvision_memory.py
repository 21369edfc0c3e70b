"""The memory that torchvision's models keep for backward in training mode, and what `cost` says of the same modules.

    python -m tests.oracles.torchvision_memory [MODEL ...]

Writes a line for each model to tests/data/training_memory_models.csv; all of them take about an hour and 10 GB.
Detectors, optical flow and quantized models are left out: their outputs depend on numbers, or they cannot be trained.
"""

from __future__ import annotations

import csv
import gc
import sys
from pathlib import Path
from typing import Any

from tests.oracles.networks import torchvision_models

TABLE = Path(__file__).parent.parent / "data" / "training_memory_models.csv"
COLUMNS = ("model", "input", "batch", "pytorch", "cnncalc")
OUTSIDE = ("fasterrcnn", "maskrcnn", "keypointrcnn", "retinanet", "fcos", "ssd", "raft", "quantized")
SHAPES = {
    "vit": (3, 224, 224), "maxvit": (3, 224, 224), "googlenet": (3, 224, 224), "inception": (3, 128, 128),
    "s3d": (3, 14, 224, 224), "mvit": (3, 16, 224, 224), "swin3d": (3, 4, 64, 64), "r3d": (3, 8, 48, 48),
    "mc3": (3, 8, 48, 48), "r2plus1d": (3, 8, 48, 48),
}  # fmt: skip
"""The smallest convenient inputs, by the beginning of the name; 64x64 for all others."""


def made(name: str) -> tuple[Any, tuple[int, ...], int]:
    """A model without auxiliary outputs, the shape of its input, and a batch."""
    get_model = torchvision_models().get_model
    options: dict[str, Any] = {}
    if name in ("googlenet", "inception_v3"):
        options = {"aux_logits": False, "init_weights": False}
    if name.startswith(("deeplab", "fcn", "lraspp")):
        options = {"weights_backbone": None}
    shape = next((shape for start, shape in SHAPES.items() if name.startswith(start)), (3, 64, 64))
    return get_model(name, weights=None, **options), shape, 1 if name.startswith(("mvit", "s3d")) else 2


def kept_by_pytorch(module: Any, shape: tuple[int, ...], batch: int) -> int:
    """The bytes that autograd saves in one forward pass in training mode."""
    import torch

    from tests.oracles.torch_memory import kept_bytes

    return kept_bytes(module.train(), [torch.rand(batch, *shape)])


def main(names: list[str]) -> None:
    """Write the table, or add the lines of the models that are named."""
    import cnncalc

    list_models = torchvision_models().list_models
    rows = {row[0]: row for row in csv.reader(TABLE.open(encoding="utf-8"))} if TABLE.exists() and names else {}
    for name in names or [name for name in list_models() if not any(part in name for part in OUTSIDE)]:
        module, shape, batch = made(name)
        theirs = kept_by_pytorch(module, shape, batch)
        ours = cnncalc.cost(cnncalc.from_torch(module, shape), batch=batch).totals.kept_bytes
        rows[name] = [name, "x".join(map(str, shape)), str(batch), str(theirs), str(ours)]
        del module
        gc.collect()
    rows.pop(COLUMNS[0], None)
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *(rows[name] for name in sorted(rows))])


if __name__ == "__main__":
    main(sys.argv[1:])
