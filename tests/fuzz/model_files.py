"""Small model files of each format, and the same with one thing wrong: a value of another kind, or an end too early."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.importing.caffe_files import alexnet
from tests.importing.keras_dialects import keras_2
from tests.oracles.record_keras_files import LAYERS, recorded

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1e308, float("inf"), "", "x" * 300, "${1}", [], [None], [[[]]], {}, {"class_name": 1},
)  # fmt: skip
"""What takes the place of a value of JSON."""
WORDS = ("-1", "0", "9" * 30, "1e308", '"x"', "inf", "{ }", "[1, 2]", "")
"""What takes the place of a value of text."""
_KERAS = ("dictionaries", "nested and shared", "RNN(cells)", "Bidirectional sum", "x[:, 2, 1:]", "pad", "split",
          "EinsumDense", "MultiHeadAttention output", "TimeDistributed(Sequential)", "Sequential")  # fmt: skip
_DATA = Path(__file__).parent.parent / "data"
_SMALL = ("small.onnx", "residual.pt2", "yolo-tiny.yaml", "segment.prototxt", "small.cfg", "digits.json")
CODE = b"""from torch import nn

class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.body = nn.Sequential(*[nn.Conv2d(3 if i == 0 else width, width, 3) for i in range(3)])

    def forward(self, x):  # cnncalc: input 3x32x32
        return self.body(x).mean((2, 3))
"""
DARKNET = """[net]
height=32
width=48
channels=3
[convolutional]
batch_normalize=1
filters=8
size=3
stride=2
pad=1
activation=leaky
[maxpool]
size=2
stride=2
[route]
layers=-1,-2
groups=2
group_id=1
[shortcut]
from=-3
[upsample]
stride=2
[reorg]
stride=2
[crnn]
hidden=5
output=7
[connected]
output=10
[yolo]
classes=3
num=3
mask=0,1
"""


def keras_models() -> Iterator[dict[str, Any]]:
    """Small models of Keras 3, and one in the words of Keras 2."""
    found = recorded(LAYERS)
    yield from (found[name]["model"] for name in _KERAS)
    yield keras_2(found["nested with two outputs"]["model"], modules=True)


def mistaken_json() -> Iterator[bytes]:
    """Each model with each of its values replaced by each of VALUES."""
    for model in keras_models():
        for holder, key in list(_places(model)):
            whole = holder[key]
            for value in VALUES:
                holder[key] = value
                yield json.dumps(model).encode()
            holder[key] = whole


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every key and index inside of a value, with what holds it."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def mistaken_texts() -> Iterator[bytes]:
    """A definition of Caffe and one of darknet, with each value replaced by each of WORDS."""
    for text, value in ((alexnet(), r'(?<=: )(?:"[^"]*"|\S+)'), (DARKNET, r"(?<==).*")):
        for found in re.finditer(value, text):
            for word in WORDS:
                yield f"{text[: found.start()]}{word}{text[found.end() :]}".encode()


def small_files() -> dict[str, bytes]:
    """A small file of every format that is read without another package, by its name."""
    found = {name: (_DATA / name).read_bytes() for name in _SMALL}
    found["digits.keras"] = zipped({"metadata.json": b"{}", "config.json": found["digits.json"]})
    found["net.py"] = CODE
    found["net.ipynb"] = json.dumps({"cells": [{"cell_type": "code", "source": CODE.decode()}]}).encode()
    return found


def zipped(entries: dict[str, bytes]) -> bytes:
    """An archive, without compression."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cut_short() -> Iterator[bytes]:
    """Each file, ended at every tenth of its length."""
    whole = [json.dumps(model).encode() for model in keras_models()] + [alexnet().encode(), DARKNET.encode()]
    for data in whole:
        yield from (data[: len(data) * tenth // 10] for tenth in range(10))
