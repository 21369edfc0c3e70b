"""The content of a drawing: boxes for layers, frames for blocks, and edges, without any position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cnncalc.analysis.report import LayerReport
from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Layer


class DrawnLayer(NamedTuple):
    """A layer with its metrics."""

    figures: LayerReport
    layer: Layer
    activation: Layer | None

    @property
    def name(self) -> str:
        return self.figures.name


@dataclass(eq=False)
class Box:
    """A layer with the normalization and activation after it, a folded block, or an input of the model."""

    key: str
    """Unique in the diagram; the name of the layer or block."""
    title: str
    layers: tuple[DrawnLayer, ...] = ()
    """The layers that the box contains, in order; none for an input of the model."""
    shape: Shape = ()
    folded: bool = False
    """Whether it is a block whose layers are not drawn."""
    times: int = 1
    is_output: bool = False
    """Whether it gives an output of the model."""
    shows_shape: bool = True

    @property
    def main(self) -> DrawnLayer | None:
        """The layer that gives a box its colour and caption."""
        return self.layers[0] if self.layers and not self.folded else None


@dataclass(eq=False)
class BlockFrame:
    """An open block, or a repeated part, around its boxes and frames; the diagram itself is a frame without title."""

    key: str
    title: str
    children: list[Box | BlockFrame] = field(default_factory=list)
    times: int = 1
    """The number of equal copies in a row that the frame represents."""

    def boxes(self) -> Iterator[Box]:
        for child in self.children:
            if isinstance(child, Box):
                yield child
            else:
                yield from child.boxes()

    def frames(self) -> Iterator[BlockFrame]:
        """The frames inside, without itself."""
        for child in self.children:
            if isinstance(child, BlockFrame):
                yield child
                yield from child.frames()

    @property
    def size(self) -> int:
        """The number of boxes."""
        return sum(1 for _ in self.boxes())


def frame_title(frame: BlockFrame) -> str:
    """The title of a frame with the number of copies: `1–5 ×5`."""
    return f"{frame.title} ×{frame.times}".strip() if frame.times > 1 else frame.title


@dataclass(frozen=True)
class Edge:
    """The output of one box as an input of another."""

    tail: Box
    head: Box
    shape: Shape


@dataclass(frozen=True)
class Diagram:
    """The content of a drawing of a model."""

    name: str
    root: BlockFrame
    edges: tuple[Edge, ...]
    places: Mapping[str, Box]
    """The box of each layer and input; the layers of further copies have the boxes of the first."""


def short_names(diagram: Diagram) -> dict[Box | BlockFrame, str]:
    """Names for programs: `n0`, `n1` … for boxes and `f0`, `f1` … for frames, in the order of the model."""
    names: dict[Box | BlockFrame, str] = {box: f"n{number}" for number, box in enumerate(diagram.root.boxes())}
    names.update((frame, f"f{number}") for number, frame in enumerate(diagram.root.frames()))
    return names
