"""The tape of an ONNX file: it finds layers by name, and accepts what exporters merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.onnx.modules import readable
from cnncalc.importing.tensors.tape import Tape, TapeMark, TapePosition
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor

LAYOUT = "CHW"


class OnnxTape(Tape):
    """A tape that finds its layers by name."""

    def __init__(self, producer: str) -> None:
        super().__init__("pytorch" if producer == "pytorch" else "onnx", LAYOUT, batch=1)
        self.by_name: dict[str, DraftLayer] = {}

    def layer_named(self, name: str) -> DraftLayer | None:
        """The layer that has an output, if it is a layer's only one."""
        return self.by_name.get(name)

    def place(
        self, type: str, arguments: Mapping[str, Any], inputs: Sequence[TapeTensor], suffix: str = ""
    ) -> DraftLayer:  # fmt: skip
        layer = super().place(type, arguments, inputs, suffix)
        self.by_name[layer.name] = layer
        return layer

    def back_to(self, mark: TapeMark) -> None:
        for layer in self.layers[mark.layers :]:
            del self.by_name[layer.name]
        super().back_to(mark)

    def shared(self, named: Sequence[TapeArray], earlier: Sequence[str], fresh: Sequence[TapeArray]) -> str | None:
        """The layer whose arrays a layer uses; None where PyTorch's exporter merged arrays that were equal."""
        try:
            return super().shared(named, earlier, fresh)
        except NotSaid:
            return None

    def tensor(self, value: Operand) -> TapeTensor:
        """An operand as a tensor; a vector that a layer has was equal to it when PyTorch's exporter merged the two."""
        if isinstance(value, TapeArray) and len(value.dims) == 1 and value.name not in self.operands:
            value = replace(value, name="") if self.is_owned(value) else value
        return super().tensor(value)

    def position_of(self, array: TapeArray) -> TapePosition | None:
        """An array whose name has no modules is where it is used: exporters make up such names."""
        if array.name and "." not in array.name:
            return self.position._replace(name=readable(array.name)) if array.learned else None
        return super().position_of(array)
