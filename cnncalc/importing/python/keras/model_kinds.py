"""The two kinds of models whose layers Keras itself connects."""

from __future__ import annotations

from dataclasses import dataclass, field

from cnncalc.importing.python.keras.graph import GraphTensor, tensors_in, unknown_in
from cnncalc.source.values import PyInstance, Unfollowed


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
    unknown_calls: int = 0
    """The number of calls on something unknown before it was made, among which are its own."""

    @property
    def unknown(self) -> Unfollowed | None:
        """The first output that cannot be followed; None if all are known."""
        return unknown_in(self.outputs)

    def tensors(self) -> tuple[list[GraphTensor], list[GraphTensor]]:
        """Its inputs and outputs in order. Raises NotSaid."""
        return tensors_in(self.inputs), tensors_in(self.outputs)
