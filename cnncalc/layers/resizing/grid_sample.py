from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.grid_sampling import sampled
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape
from cnncalc.layers.shared_fields import RESAMPLING_SYNONYMS


class GridSample(Layer):
    """Samples an image at the points of a grid, the second input: the last step of a spatial transformer.

    The grid is H′×W′×2 in every layout, x before y, each from −1 at one end of the image to 1 at the other;
    `affine_grid` makes one. With three spatial axes it is D′×H′×W′×3. Outside of the image are zeros, its border, or
    its reflection. FLOPs: per output value one product for each input that is read, and their sum: 2·2ⁿ − 1 for linear
    with n axes, 2·4ⁿ − 1 for cubic, none for nearest. The coordinates are not counted.
    """

    type = "grid_sample"
    aliases = ("GridSampler", "spatial_transformer_sampler")
    family = "resizing"
    rule = "grid sampling: H′ and W′ of the grid; channels unchanged"
    sources = (
        "Jaderberg et al., Spatial Transformer Networks, arXiv 1506.02025",
        "PyTorch, torch.nn.functional.grid_sample",
        "ONNX operators, GridSample",
    )
    examples = (
        "image: 28x28x1, grid: 14x14x2 -> grid_sample from=[image, grid] -> conv 8 3x3",
        "28x28x8 -> grid_sample(identity | flatten -> dense 6 -> reshape 2x3 -> affine_grid 28x28) mode=nearest",
    )
    inputs: ClassVar[tuple[int, int | None]] = (2, 2)
    branching = True

    mode = declare.choice(
        "interpolation between the inputs; linear is bilinear with two axes, trilinear with three",
        ("linear", "nearest", "cubic"), synonyms=RESAMPLING_SYNONYMS, default="linear", aliases=("interpolation_mode",),
    )  # fmt: skip
    padding_mode = declare.choice("values beyond the border", ("zeros", "border", "reflection"), default="zeros")
    align_corners = declare.flag(
        "whether −1 and 1 are the centres of the outermost pixels, instead of their edges", default=False
    )
    keeps = keeping.INPUTS

    def shape(self, x: Shape, grid: Shape) -> Shape:
        self.require_spatial(x)
        rank = len(x) - 1
        if len(grid) != rank + 1 or grid[-1] != rank:
            raise Refusal(
                f"the grid is {show_shape(grid)}, but for {show_shape(x)} it needs {rank} "
                f"{'axis' if rank == 1 else 'axes'} of positions, and {rank} numbers at each",
                hint="the inputs are the image and then the grid, whose last axis holds x, y" + ", z" * (rank == 3),
                code="E308",
            )
        self._check_framework(rank)
        return self.volume(grid[:-1], self.channels(x))

    def _check_framework(self, rank: int) -> None:
        title = self.setting.convention.title
        if self.setting.convention.name == "pytorch" and rank == 1:
            raise Refusal(
                "PyTorch's grid_sample supports images and volumes, not sequences", hint="add an axis of size 1",
                code="E304",
            )  # fmt: skip
        if self.mode == "cubic" and rank != 2 and self.setting.convention.name in ("pytorch", "onnx"):
            raise Refusal(
                f"{title} has cubic sampling only with two spatial axes, not {rank}", hint="use linear", field="mode",
                code="E304",
            )  # fmt: skip

    def elementwise(self, x: Shape, grid: Shape, y: Shape) -> int:
        reads: int = {"nearest": 1, "linear": 2, "cubic": 4}[self.mode] ** (len(x) - 1)
        return prod(y) * (2 * reads - 1) if reads > 1 else 0

    def windows(self, x: Shape, grid: Shape) -> Sight:
        """Undefined: the positions that an output reads depend on the data."""
        return ()

    def forward(self, np: ModuleType, x: Array, grid: Array) -> Array:
        laid = channels_last(np, x, self.setting)
        read = sampled(np, laid, grid, mode=self.mode, border=self.padding_mode, aligned=self.align_corners)
        return as_laid_out(np, read, self.setting)
