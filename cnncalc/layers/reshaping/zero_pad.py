from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping, shared_fields
from cnncalc.layers.base import Array
from cnncalc.layers.reshaping._padding import PaddingLayer, cut
from cnncalc.layers.type_choice import TypeChoice

_MODES: Mapping[str, str] = {
    "constant": "zero_pad", "reflect": "reflection_pad", "edge": "replication_pad", "replicate": "replication_pad",
    "wrap": "circular_pad", "circular": "circular_pad",
}  # fmt: skip


def _pad_of(given: Mapping[str, Any]) -> str:
    """The padding layer for the `mode` of ONNX's Pad and PyTorch's `F.pad`."""
    mode = given["mode"]
    kind = _MODES.get(mode.lower() if isinstance(mode, str) else mode)
    if kind is None:
        raise Refusal(f"mode: got {mode}. Allowed: {', '.join(_MODES)}", field="mode", code="E204")
    return kind


class ZeroPad(PaddingLayer):
    """Pads the spatial axes with zeros, or another constant.

    One number pads every side; a list has, per axis, a number for both sides or [before, after]. A flat list of two
    numbers per axis is read as in the convention's framework: PyTorch from the last axis to the first, ONNX all that
    comes before and then all that comes after, Keras (ZeroPadding1D) before and after. A number below 0 crops, as in
    PyTorch and ONNX. To pad the channels, give one pair per axis of the input, PyTorch's two numbers per axis, or
    `axes`.
    """

    type = "zero_pad"
    choice = TypeChoice(("mode",), _pad_of)
    aliases = ("ZeroPadding", "pad", "ConstantPad", "constant_padding")
    rule = "zero_pad: O = W + P₀ + P₁"
    sources = (
        "Keras, keras.layers.ZeroPadding2D",
        "PyTorch, torch.nn.ZeroPad2d and torch.nn.ConstantPad2d",
        "ONNX operators, Pad",
    )
    examples = ("32x32x3 -> zero_pad 2", "224x224x3 -> zero_pad amount=[[0,1],[0,1]] -> conv 32 3x3 s2")

    amount = shared_fields.padding_amount("amount on each side")
    value = declare.number(
        "value of the padding", default=0.0, aliases=("constant_value", "constant_values"), default_text="0"
    )
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        return cut(np.pad(x, self.widths(x), constant_values=self.value), self.every_side(x.shape[1:]))
