"""Recurrent layers; ONNX counts steps, then samples, so the batch is not its first axis."""

from __future__ import annotations

from cnncalc.importing.onnx.conversion import Conversion, NotSaid
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.onnx.proto import OnnxNode
from cnncalc.importing.onnx.values import Value


@operator("LSTM", "GRU", "RNN")
def recurrent(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    raise NotSaid("steps before samples")
