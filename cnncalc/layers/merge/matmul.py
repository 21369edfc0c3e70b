from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight, show_shape
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.merge._merge import aligned, aligned_shapes, different_rank


class Matmul(Layer):
    """Matrix product of two inputs over their last two axes; axes before them (heads) are broadcast.

    Both inputs need the same number of axes, at least two: with fewer, the operation would read the batch axis as rows
    or align it with another axis. An input without a batch axis, a learned matrix, may have fewer. A vector with such a
    matrix, or a learned vector, is a row on the left and a column on the right, and its axis is removed. FLOPs: two per
    multiply–accumulate.
    """

    type = "matmul"
    aliases = ("bmm", "BatchMatMul", "BatchMatMulV2")
    family = "merge"
    rule = "matrix product: n×k times k×m is n×m; a transposed input has its last two axes swapped first"
    sources = ("ONNX operators, MatMul", "PyTorch, torch.matmul and torch.bmm", "Keras, keras.ops.matmul")
    examples = (
        "49x64 -> matmul(conv 32 1 | conv 32 1) transpose_b=true",
        "q: 8x49x32, k: 8x49x32 -> matmul from=[q, k] transpose_b=true -> softmax",
    )
    inputs = (2, 2)
    branching = True

    transpose_a = declare.flag(
        "whether the first input's last two axes are swapped", default=False, aliases=("trans_a", "adj_x")
    )
    transpose_b = declare.flag(
        "whether the second input's last two axes are swapped", default=False, aliases=("trans_b", "adj_y")
    )
    keeps = Keeps("others", folded_axes=2)

    def shape(self, a: Shape, b: Shape) -> Shape:
        row, column = self._vectors(len(a), len(b))
        if (row and self.transpose_a) or (column and self.transpose_b):
            raise Refusal(
                f"{show_shape(a)} times {show_shape(b)}: a vector has no axes that could be swapped",
                hint="remove transpose_a and transpose_b", code="E303",
            )  # fmt: skip
        a, b = aligned_shapes(self, ((1, *a) if row else a, (*b, 1) if column else b))
        if len(a) != len(b):
            raise different_rank(a, b)
        if len(a) < 2:
            raise Refusal(
                f"{show_shape(a)} and {show_shape(b)} are vectors, but a matrix product needs rows and columns",
                hint="use `dot` for the product of two vectors",
                code="E303",
            )
        (height, inner), (other, width) = self._matrices(a, b)
        if inner != other:
            raise Refusal(
                f"{show_shape(a)} times {show_shape(b)} has rows of {int(inner)} numbers but columns of {int(other)}",
                hint="swap the last two axes of one: transpose_a, transpose_b" if self._would_fit(a, b) else "",
                code="E308",
            )
        return (*_stretched(a, b), *(() if row else (height,)), *(() if column else (width,)))

    def _vectors(self, a: int, b: int) -> tuple[bool, bool]:
        """Whether the first input is a vector used as a row, and the second one used as a column, by their ranks."""
        first, second = 0 in self.unbatched, 1 in self.unbatched
        return a == 1 and (first or (second and b <= 2)), b == 1 and second

    def _matrices(self, a: Shape, b: Shape) -> tuple[Shape, Shape]:
        """The rows and columns of the two matrices, after the swaps."""
        first, second = a[-2:], b[-2:]
        return first[::-1] if self.transpose_a else first, second[::-1] if self.transpose_b else second

    def _would_fit(self, a: Shape, b: Shape) -> bool:
        """Whether swapping one more pair of axes would make the inputs match."""
        (rows, inner), (other, columns) = self._matrices(a, b)
        return rows == other or inner == columns

    def macs(self, a: Shape, b: Shape, y: Shape) -> int:
        return prod(y) * (a[-2] if self.transpose_a else a[-1])

    def windows(self, *inputs: Shape) -> Sight:
        """Undefined: each output combines a row and a column."""
        return ()

    def forward(self, np: ModuleType, a: Array, b: Array) -> Array:
        row, column = self._vectors(a.ndim - 1, b.ndim - 1)
        a, b = aligned(self, (a[:, None] if row else a, b[..., None] if column else b))
        first = np.swapaxes(a, -1, -2) if self.transpose_a else a
        second = np.swapaxes(b, -1, -2) if self.transpose_b else b
        y = np.matmul(first, second)
        y = y[..., 0] if column else y
        return y[..., 0, :] if row and not column else y[..., 0] if row else y


def _stretched(a: Shape, b: Shape) -> Shape:
    """The axes before the matrices, broadcast."""
    pairs = list(zip(a[:-2], b[:-2], strict=True))
    if any(one != other and 1 not in (one, other) for one, other in pairs):
        raise Refusal(
            f"{show_shape(a)} and {show_shape(b)} have {show_shape(a[:-2])} and {show_shape(b[:-2])} matrices",
            hint="sizes before the last two axes must match, or be 1 to be broadcast",
            code="E308",
        )
    return tuple(other if one == 1 else one for one, other in pairs)
