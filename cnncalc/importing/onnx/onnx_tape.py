"""The tape of an ONNX file: it can return to the moment before a node, and accepts what exporters merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.onnx.modules import readable
from cnncalc.importing.tensors.tape import Tape, TapePosition
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray, TapeTensor

LAYOUT = "CHW"


class OnnxMark(NamedTuple):
    """A moment: the numbers of layers and of names so far."""

    layers: int
    names: int


class OnnxTape(Tape):
    """A tape that finds its layers by name, and remembers the order in which names were taken."""

    def __init__(self, producer: str) -> None:
        super().__init__("pytorch" if producer == "pytorch" else "onnx", LAYOUT, batch=1)
        self.by_name: dict[str, DraftLayer] = {}
        self.order: list[str] = []

    def layer_named(self, name: str) -> DraftLayer | None:
        """The layer that has an output, if it is a layer's only one."""
        return self.by_name.get(name)

    def place(
        self, type: str, arguments: Mapping[str, Any], inputs: Sequence[TapeTensor], suffix: str = ""
    ) -> DraftLayer:  # fmt: skip
        layer = super().place(type, arguments, inputs, suffix)
        self.by_name[layer.name] = layer
        return layer

    def unique(self, name: str) -> str:
        self.order.append(name)
        return super().unique(name)

    def mark(self) -> OnnxMark:
        """This moment."""
        return OnnxMark(len(self.layers), len(self.order))

    def back_to(self, mark: OnnxMark) -> None:
        """Remove what was added after a moment."""
        gone = {layer.name for layer in self.layers[mark.layers :]}
        for name in self.order[mark.names :]:
            self.taken[name] -= 1
        del self.layers[mark.layers :], self.order[mark.names :]
        if gone:
            self.by_name = {name: layer for name, layer in self.by_name.items() if name not in gone}
            self.owners = {array: name for array, name in self.owners.items() if name not in gone}
            self.operands = {array: tensor for array, tensor in self.operands.items() if tensor.name not in gone}

    def shared(self, named: Sequence[TapeArray], earlier: Sequence[str], fresh: Sequence[TapeArray]) -> str | None:
        """The layer whose arrays a layer uses; None where PyTorch's exporter merged arrays that were equal."""
        try:
            return super().shared(named, earlier, fresh)
        except NotSaid:
            return None

    def position_of(self, array: TapeArray) -> TapePosition | None:
        """An array whose name has no modules is where it is used: exporters make up such names."""
        if array.name and "." not in array.name:
            return replace(self.position, name=readable(array.name)) if array.learned else None
        return super().position_of(array)
