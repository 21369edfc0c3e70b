from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape
from cnncalc.layers.declare import PerAxis


class AffineGrid(Layer):
    """The points of a regular grid, moved by an affine map: the grid of a spatial transformer's `grid_sample`.

    The input is the map, 2×3, or 3×4 for volumes. The output is H′×W′×2 in every layout: x and y of each point, from −1
    at one end of the image to 1 at the other. MACs: one for each coordinate of the point, per coordinate of the output.
    FLOPs: two per multiply–accumulate, and one per element for the shift.
    """

    type = "affine_grid"
    family = "resizing"
    rule = "affine grid: the size as given, with one coordinate per axis"
    sources = (
        "Jaderberg et al., Spatial Transformer Networks, arXiv 1506.02025",
        "PyTorch, torch.nn.functional.affine_grid",
        "ONNX operators, AffineGrid, as ONNX Runtime computes it",
    )
    examples = (
        "28x28x1 -> flatten -> dense 6 -> reshape 2x3 -> affine_grid 28x28",
        "3x4 -> affine_grid 5x7x11 align_corners=true",
    )

    size: PerAxis = declare.per_axis("size of the grid along each axis", positional=True, symbol="O")
    align_corners = declare.flag(
        "whether −1 and 1 are the centres of the outermost points, instead of their edges", default=False
    )
    keeps = keeping.NOTHING

    def shape(self, theta: Shape) -> Shape:
        if theta not in ((2, 3), (3, 4)):
            raise Refusal(
                f"the map is {show_shape(theta)}, but it must be 2x3 for images or 3x4 for volumes",
                hint="add a reshape 2x3 before it" if theta in ((6,), (3, 2)) else "",
                code="E308",
            )
        axes = theta[0]
        sizes = self.size if isinstance(self.size, tuple) else (self.size,) * axes
        if len(sizes) != axes:
            raise Refusal(
                f"{len(sizes)} sizes for a map of {int(axes)} axes", hint=f"give {int(axes)} numbers", field="size",
                code="E303",
            )  # fmt: skip
        return (*sizes, axes)

    def macs(self, theta: Shape, y: Shape) -> int:
        return prod(y) * y[-1]

    def elementwise(self, theta: Shape, y: Shape) -> int:
        return prod(y)

    def windows(self, theta: Shape) -> Sight:
        return "whole"

    def forward(self, np: ModuleType, theta: Array) -> Array:
        *sizes, axes = self.shape(theta.shape[1:])
        lines = [self._line(np, size).astype(theta.dtype) for size in sizes]
        places = np.stack(np.meshgrid(*lines, indexing="ij")[::-1], axis=-1).reshape(-1, axes)
        moved = places @ theta[:, :, :-1].swapaxes(1, 2) + theta[:, None, :, -1]
        return moved.reshape(len(theta), *sizes, axes)

    def _line(self, np: ModuleType, size: int) -> Array:
        """The coordinates along an axis; a single point is in the centre, or at the end if ONNX aligns the corners."""
        if size == 1:
            at_end = self.align_corners and self.setting.convention.name == "onnx"
            return np.full(1, 1.0 if at_end else 0.0)
        line = np.linspace(-1, 1, size)
        return line if self.align_corners else line * (size - 1) / size
