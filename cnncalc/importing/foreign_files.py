"""Files of other tools that are recognised only to be refused: what each is, and the way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_EXPORT = "export the model to ONNX"
_PYTORCH = "load it in PyTorch, and pass the module to cnncalc.from_torch, or export it with torch.onnx.export"


class ForeignFile(NamedTuple):
    """A kind of file: the pattern of its first bytes, its name, and an alternative."""

    matches: Callable[[bytes], object]
    what: str
    hint: str


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


def _zip_with(part: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(b"PK\x03\x04") and part in head


_SAFETENSORS = re.compile(rb'.{8}\{\s*"', re.DOTALL)
_PICKLE = re.compile(rb"\x80[\x02-\x05](?:[}\]()\x95cXq\x8a\x8c]|\x00)", re.DOTALL)

FOREIGN_FILES = (
    ForeignFile(
        _zip_with(b"/code/"), "a TorchScript archive, whose layers are program code: it is not executed", _PYTORCH
    ),
    ForeignFile(
        _zip_with(b"/data.pkl"), "a PyTorch checkpoint: its pickle would run code, and holds weights, not layers",
        _PYTORCH,
    ),
    ForeignFile(_PICKLE.match, "a Python pickle, and reading one would run the code in it", _PYTORCH),
    ForeignFile(
        _SAFETENSORS.match, "a safetensors file: it holds weights, and not the layers that use them", _PYTORCH
    ),
    ForeignFile(_begins(b"GGUF"), "a GGUF file: it holds weights, and not the layers that use them", _EXPORT),
    ForeignFile(
        lambda head: head[4:8] == b"TFL3", "a TensorFlow Lite model", "convert it with tf2onnx: --tflite FILE"
    ),
    ForeignFile(_begins(b"\x93NUMPY"), "a NumPy array", "name the model's file"),
    ForeignFile(_zip_with(b".npy"), "a file of NumPy arrays: it holds weights", "name the model's file"),
    ForeignFile(_begins(b"7767517"), "an ncnn model", "name the file that it was converted from"),
    ForeignFile(
        re.compile(rb"\s*(?:<\?xml[^>]*>)?\s*<net\s").match, "an OpenVINO model", "name the file it was converted from"
    ),
    ForeignFile(_begins(b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), "a compressed file", "unpack it first"),
    ForeignFile(lambda head: head[257:262] == b"ustar", "a tar archive", "unpack it first"),
)  # fmt: skip
"""Looked at in this order, after every format that can be read."""


def foreign_file(head: bytes) -> ForeignFile | None:
    """The kind of a file that begins with `head`, if it is one of these."""
    return next((each for each in FOREIGN_FILES if each.matches(head)), None)
