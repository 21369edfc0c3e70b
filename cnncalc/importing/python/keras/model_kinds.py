"""The two kinds of models whose layers Keras itself connects."""

from __future__ import annotations

from dataclasses import dataclass, field

from cnncalc.importing.python.keras.graph import GraphTensor, tensors_in
from cnncalc.source.values import PyInstance


@dataclass
class SequentialModel:
    """The layers of a Sequential, and the shape of its input if it states one."""

    name: str
    layers: list[PyInstance] = field(default_factory=list)
    shape: tuple[int | None, ...] | None = None


@dataclass
class FunctionalModel:
    """The tensors that a functional model takes and gives, as the program arranged them."""

    name: str
    inputs: object
    outputs: object

    def tensors(self) -> tuple[list[GraphTensor], list[GraphTensor]]:
        """Its inputs and outputs in order. Raises NotSaid."""
        return tensors_in(self.inputs), tensors_in(self.outputs)
