"""Ultralytics model files: parameters and shapes of each row, recorded from the library."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cnncalc.importing.ultralytics.modules import module_names
from tests.importing.yolo_files import FILES
from tests.importing.yolo_rows import differences
from tests.sweeps import sampled

DATA = Path(__file__).parent.parent / "data" / "yolo_rows.json.gz"
RECORDED = json.loads(gzip.decompress(DATA.read_bytes()))
SIZE = (96, 160)


@pytest.mark.parametrize("key", sampled(list(RECORDED), every=3))
def test_rows_equal_the_library(key: str, tmp_path: Path) -> None:
    """Parameters and output shapes of each row, all parameters, all multiply-accumulates, as recorded from it."""
    name, _, scale = key.rpartition(":")
    library = {**RECORDED[key], "channels": 4 if name == "four channels" else 3}
    file = tmp_path / "net.yaml"
    file.write_text(FILES[name], encoding="utf-8")
    assert differences(file, scale, library, SIZE) == []


def test_every_file_is_recorded() -> None:
    """The records are of these files, and no others."""
    assert {key.rpartition(":")[0] for key in RECORDED} == set(FILES)


def test_every_module_is_recorded() -> None:
    """Each module of the library occurs in a file, but for activations and layers like recorded ones."""
    recorded = {module for each in RECORDED.values() for module, *_ in each["rows"]}
    rest = {name.rpartition(".")[2] for name in module_names()} - recorded
    rest -= {"C3SPP", "CrossConv", "MixConv2d", "Contract", "Expand"}  # those of YOLOv5, tested with its numbers
    rest -= {"Silence", "DDetect", "DualDetect", "DualDDetect", "TripleDetect", "TripleDDetect"}  # YOLOv9
    rest -= {"DSegment", "DualDSegment", "Panoptic"}  # YOLOv9
    assert rest == {"Dropout2d", "ELU", "GELU", "Hardswish", "Mish", "ReLU", "ReLU6", "Sigmoid", "Tanh"}
