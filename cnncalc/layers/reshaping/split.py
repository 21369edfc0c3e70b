from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import moved
from cnncalc.arithmetic.term import ceil_div
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight, show_shape
from cnncalc.number_text import plural, thousands

_MOST_PARTS = 10_000
_LAST_MAY_BE_SMALLER = ("pytorch", "onnx")


class Split(Layer):
    """Splits the input along an axis into parts, each a separate output.

    The parts of `split 2 name=halves` are `halves.0` and `halves.1`, or as listed in `names`; use them in `from`. A
    merge directly after it has all parts as its inputs, and one with as many branches gives each branch one part. The
    axis must be divisible by the number of parts, except under pytorch (`torch.chunk`) and onnx, where the last part is
    smaller; a list gives the sizes. FLOPs: none.
    """

    type = "split"
    aliases = ("chunk",)
    family = "reshaping"
    rule = "split: the size along the axis is divided among the parts"
    sources = ("PyTorch, torch.chunk and torch.split", "Keras, keras.ops.split", "ONNX operators, Split")
    examples = (
        "16x16x8 -> split 2 -> concat(identity | conv 4 3x3 p1)",
        "16x16x8 -> split [3,5] names=[left,right] -> conv 3 1x1 from=right",
    )
    splits = True

    parts = declare.per_axis(
        "number of equal parts, or a list of sizes", positional=True, symbol="parts",
        aliases=("num_outputs", "chunks", "indices_or_sections", "split_size_or_sections"),
    )  # fmt: skip
    axis = declare.axis("the axis that is split", aliases=("dim",))
    names = declare.words("names of the parts")

    place = 0
    """The index of the part that this layer returns."""
    keeps = keeping.VIEW

    def outputs(self, x: Shape) -> tuple[tuple[str, Layer], ...]:
        count = len(self._sizes(x))
        names = self.names or tuple(map(str, range(count)))
        if len(names) != count:
            raise Refusal(f"{plural(len(names), 'name')} for {count} parts", field="names", code="E204")
        return tuple((name, self._part(place)) for place, name in enumerate(names))

    def _part(self, place: int) -> Split:
        part = self.__class__(self.setting, **self.values())
        part.place = place
        return part

    def traced(self, rank: int) -> Layer:
        traced = super().traced(rank)
        traced.__dict__["place"] = self.place
        return traced

    def shape(self, x: Shape) -> Shape:
        along = self.axis_index(self.axis, x)
        return (*x[:along], self._sizes(x)[self.place], *x[along + 1 :])

    def _sizes(self, x: Shape) -> tuple[int, ...]:
        """The sizes of the parts along the axis."""
        along = self.axis_index(self.axis, x)
        whole, parts = x[along], self.parts
        count = len(parts) if isinstance(parts, tuple) else parts
        if count > _MOST_PARTS:
            hint = f"the limit is {thousands(_MOST_PARTS)}"
            raise Refusal(f"{thousands(count)} parts are too many", hint=hint, field="parts", code="E103")
        if isinstance(parts, tuple):
            self._check_sum(x, along, sum(parts))
            return parts
        size = ceil_div(whole, parts)
        last = whole - size * (parts - 1)
        if last == size:
            return (whole // parts,) * int(parts)
        if self.setting.convention.name not in _LAST_MAY_BE_SMALLER or last < 1:
            raise self._indivisible(x, along)
        return (size,) * int(parts - 1) + (last,)

    def _check_sum(self, x: Shape, along: int, total: int) -> None:
        if total != x[along]:
            name = self.axis_names(len(x))[along]
            raise Refusal(
                f"the parts add up to {int(total)}, but {show_shape(x)} has {int(x[along])} along {name}",
                hint="give sizes that add up, or a number of equal parts",
                field="parts",
                code="E305",
            )

    def _indivisible(self, x: Shape, along: int) -> Refusal:
        whole, parts, name = int(x[along]), int(self.parts), self.axis_names(len(x))[along]  # type: ignore[arg-type]
        return Refusal(
            f"{whole} along {name} cannot be divided into {parts} parts: remainder {whole % parts}",
            hint="give the sizes as a list",
            field="parts",
            code="E305",
        )

    def windows(self, x: Shape) -> Sight:
        """Along the channels each output reads its own position; otherwise undefined, as the parts start elsewhere."""
        return "pointwise" if self.axis_index(self.axis, x) == self.axis_index("channels", x) else ()

    def reach(self, x: Shape) -> Reach:
        """A part starts where the previous one ends."""
        return self.placed(x, self.axis_index(self.axis, x), moved(sum(self._sizes(x)[: self.place])))

    def forward(self, np: ModuleType, x: Array) -> Array:
        along = 1 + self.axis_index(self.axis, x.shape[1:])
        if isinstance(self.parts, tuple):
            return np.split(x, np.cumsum(self.parts)[:-1], axis=along)[self.place]
        step = -(-x.shape[along] // self.parts)
        return np.split(x, range(step, x.shape[along], step), axis=along)[self.place]
