"""The base class of layer types: one class holds a type's fields and all rules about it.

A subclass declares `type`, its fields, and:

- `shape(x)`: the output shape, in the layout of the setting; raises `Refusal` for numbers that cannot be;
- `weights(x, y)`: its arrays, from which every count of parameters follows;
- `macs(x, y)` and `elementwise(x, y)`: the work, in multiply–accumulates and in other operations;
- `keeps`, or `kept(x, y)` if it depends on fields or shapes: the data that its backward pass needs;
- `windows(x)`: the window along each spatial axis; and `reach(x)`, where outputs read different numbers of positions:
  the taps along each axis, for the receptive field;
- `forward(np, x, **weights)`: the layer on a real array (batch axis first), which never calls the rules above.

Merges receive one argument per branch instead of the one `x`. The rules run on plain ints, and on terms for their
derivation; they must not branch on a number's type.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, ClassVar, Literal

from cnncalc.arithmetic.convention import AXIS_NAMES, Setting, Shape, axis_name
from cnncalc.arithmetic.taps import SAME_PLACE, AxisTaps, sliding
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import Array as Array
from cnncalc.layers import declare
from cnncalc.layers.declare import Field, PerAxis
from cnncalc.layers.framework_arguments import FrameworkArguments
from cnncalc.layers.keeping import ASSUMED, Keeps
from cnncalc.layers.kernel_depth import meant_axes
from cnncalc.layers.role import Role as Role
from cnncalc.layers.spelling import normal
from cnncalc.layers.traced_fields import as_terms
from cnncalc.layers.weight import Weight as Weight
from cnncalc.layers.weight import marking_buffers
from cnncalc.layers.worked_output import Place, TapsSeen
from cnncalc.number_text import show_shape as show_shape

Sight = tuple[AxisWindow, ...] | Literal["pointwise", "whole"]
"""The inputs that one output position reads: a window per axis, only its own position, or the whole input.

An empty tuple for an input with spatial axes means that the receptive field is undefined.
"""

Reach = tuple[AxisTaps, ...] | Literal["pointwise", "whole"] | None
"""The positions that each output reads: the taps along each axis, only its own position, or the whole input.

An empty tuple for an input with spatial axes means that positions along an axis do not come from positions along the
same axis of the input; None means that their pattern is too long.
"""


class Layer(FrameworkArguments):
    """A layer type. Subclassing registers it; an instance is one immutable configuration."""

    type: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other spellings, compared without case, underscores and the modules before the last dot (`nn.`).

    With `spatial_suffix`, `1d`, `2d`, `3d` may follow every spelling and need not be listed.
    """
    family: ClassVar[str] = ""
    rule: ClassVar[str] = ""
    """The name of the shape rule and its formula, as textbooks write them; a second line may give the parameters.

    A size rule has the form `subject: O = formula; remark`.
    """
    sources: ClassVar[tuple[str, ...]] = ()
    """The sources of the formulas: papers, framework pages."""
    examples: ClassVar[tuple[str, ...]] = ()
    """Complete inline specs; the reference shows the first one."""
    inputs: ClassVar[tuple[int, int | None]] = (1, 1)
    """The minimum and maximum number of inputs (None: unlimited)."""
    alone: ClassVar[tuple[str, ...]] = ()
    """The conventions that accept a list of one input although `inputs` requires more: Keras's `Add()([x])`."""
    fields: ClassVar[dict[str, Field]] = {}
    """The fields by name, required ones first."""
    attributes: ClassVar[Mapping[str, str]] = {}
    """The attribute of each field, by its name."""
    spellings: ClassVar[Mapping[str, str]] = {}
    """The names of the fields by every spelling, in the form that `normal` gives."""
    branching: ClassVar[bool] = False
    """Whether a list given to this type holds branches, each a list of items."""
    role: ClassVar[Role] = ""
    usable_as_activation: ClassVar[bool] = False
    """Whether `activation: TYPE` on another layer may name this type."""
    witnessed: ClassVar[bool] = True
    """Whether the forward pass computes the output; False if the output is only declared by the spec."""
    data_decides: ClassVar[bool] = False
    """Whether an output's taps depend on the data: `reach` then gives the taps that it may read."""
    splits: ClassVar[bool] = False
    """Whether the type has several outputs, each of which becomes a separate node: see `outputs`."""
    wraps: ClassVar[bool] = False
    """Whether the type holds another layer, its field `layer`, written as an item: `time_distributed(conv 8 3x3)`."""
    slides_weights: ClassVar[bool] = False
    """Whether `forward_untied` exists: the layer slides a kernel, and can run with one kernel per position."""
    spatial_suffix: ClassVar[bool] = False
    """Whether `1d`, `2d`, `3d` may follow a name of this type, asserting the number of spatial axes."""
    axes_before_spatial: ClassVar[int] = 0
    """The number of axes that come before the spatial axes and the channels: the steps of a sequence of images."""

    least_axes: ClassVar[int] = 1
    """The minimum number of axes of an input: 0 for types that accept a scalar, one number per sample."""
    takes_empty: ClassVar[bool] = False
    """Whether an input may have an axis of size 0, as a slice can give: PyTorch concatenates such tensors."""
    holds_output: ClassVar[bool] = False
    """Whether the output is a weight of the layer itself, which needs no additional memory."""

    keeps: ClassVar[Keeps] = ASSUMED
    """The data that the backward pass needs, for types where it depends on no field: see `kept`."""
    shows_working: ClassVar[bool] = False
    """Whether `taps` and `working` exist: an output can be written out number by number."""

    setting: Setting
    unbatched: tuple[int, ...] = ()
    """The indices of inputs without a batch axis: learned arrays, and outputs computed only from those."""

    buffers_only: bool = False
    """Whether all weights are fixed numbers, not parameters: the item has `trainable: buffer`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "weights" in vars(cls):
            cls.weights = marking_buffers(cls.weights)  # type: ignore[method-assign]
        own = [(name, value) for name, value in vars(cls).items() if isinstance(value, Field)]
        for attribute, declaration in own:
            declaration.attribute = attribute
            declaration.name = attribute.rstrip("_")
            setattr(cls, attribute, None if declaration.required else declaration.default)
        fields = {**cls.fields, **{declaration.name: declaration for _, declaration in own}}
        cls.fields = dict(sorted(fields.items(), key=lambda field: not field[1].required))
        cls.attributes = {name: field.attribute for name, field in cls.fields.items()}
        cls.spellings = {normal(each): name for name, field in cls.fields.items() for each in (*field.aliases, name)}
        if cls.usable_as_activation and not cls.role:
            cls.role = "activation"
        if cls.__dict__.get("type"):
            REGISTRY[cls.type] = cls

    def __init__(self, setting: Setting, **values: Any) -> None:
        self.setting = setting
        own, attributes = self.__dict__, self.attributes
        for name, value in values.items():
            own[attributes[name]] = value

    @classmethod
    def title(cls) -> str:
        """The first line of the docstring."""
        return inspect.getdoc(cls).splitlines()[0] if cls.__doc__ else cls.type  # type: ignore[union-attr]

    @classmethod
    def work_terms(cls) -> str:
        """The operations that the FLOPs count, as the docstring's sentence `FLOPs: …` lists them; empty without one."""
        text = " ".join((inspect.getdoc(cls) or "").split())
        found = re.search(r"FLOPs: (.*?)\.(?: [A-Z`]|$)", text)
        return found[1] if found else ""

    def under(self, setting: Setting, **changes: Any) -> Layer:
        """The same layer on the same inputs in another setting, with the given fields changed."""
        made = self.__class__(setting, **{**self.values(), **changes}).beside(self.unbatched)
        return made.as_buffers() if self.buffers_only else made

    def beside(self, unbatched: tuple[int, ...]) -> Layer:
        """A copy of the layer with the indices of its inputs that have no batch axis."""
        return self.changed({"unbatched": unbatched})

    def as_buffers(self) -> Layer:
        """A copy of the layer whose weights are all fixed numbers: a blur's kernel, a table of sines."""
        return self.changed({"buffers_only": True})

    def changed(self, attributes: Mapping[str, Any]) -> Layer:
        """A copy of the layer with some attributes changed."""
        made = self.__class__.__new__(self.__class__)
        made.__dict__.update(self.__dict__)
        made.__dict__.update(attributes)
        return made

    def fixed(self) -> Layer:
        """The layer for an item with `trainable: false`."""
        return self

    def values(self) -> dict[str, Any]:
        """The fields that were given, by name."""
        given = self.__dict__
        return {name: given[attribute] for name, attribute in self.attributes.items() if attribute in given}

    def by_symbol(self) -> dict[str, Field]:
        """The fields that have a symbol in the formulas, by that symbol."""
        return {field.symbol: field for field in self.fields.values() if field.symbol}

    def __str__(self) -> str:
        values = ", ".join(f"{name}={declare.show_value(value)}" for name, value in self.values().items())
        return f"{self.type}({values})"

    def rule_numbers(self, *inputs: Shape) -> dict[str, int]:
        """The values of symbols in `rule` that are neither fields nor sizes, by symbol."""
        return {}

    # --- rules -------------------------------------------------------------------------------------------------

    def shape(self, *args: Any, **kwargs: Any) -> Shape:
        """The output's shape from the inputs'."""
        raise NotImplementedError(f"{self.type} declares no shape rule")

    def weights(self, *args: Any, **kwargs: Any) -> Iterator[Weight]:
        """The layer's arrays, from the inputs' shapes and then the output's."""
        return iter(())

    def macs(self, *args: Any, **kwargs: Any) -> int:
        """Multiply–accumulates of one sample, biases excluded."""
        return 0

    def elementwise(self, *args: Any, **kwargs: Any) -> int:
        """Operations beyond two per multiply–accumulate: biases, comparisons, one per element."""
        return 0

    def kept(self, *args: Any, **kwargs: Any) -> Keeps:
        """The data that the backward pass needs, from the inputs' shapes and the output's."""
        return self.keeps

    def windows(self, *args: Any, **kwargs: Any) -> Sight:
        """The windows of the inputs that an output position reads."""
        return "pointwise"

    def reach(self, *args: Any, **kwargs: Any) -> Reach:
        """The positions of the inputs that the outputs read; those of the windows, unless outputs differ."""
        sight = self.windows(*args, **kwargs)
        if isinstance(sight, str):
            return sight
        border = self.border()
        return tuple([sliding(window, border=border) for window in sight])

    def border(self) -> str:
        """The values that taps beyond the input read, named as in `AxisTaps`."""
        return "zeros"

    def forward(self, np: ModuleType, *args: Any, **kwargs: Any) -> Array:
        """The layer on real arrays, batch axis first; the weights come as keyword arguments, by their names."""
        raise NotImplementedError(f"{self.type} has no forward pass")

    def forward_untied(self, np: ModuleType, *args: Any, **kwargs: Any) -> Array:
        """Like `forward`, with one copy of each weight per position: arrays of `positions` and then `shape`.

        Only layers that slide a kernel have it.
        """
        raise NotImplementedError(f"{self.type} has no untied forward pass")

    def outputs(self, *args: Any, **kwargs: Any) -> tuple[tuple[str, Layer], ...]:
        """For a type that `splits`: a name and a layer for each output, from the inputs' shapes."""
        raise NotImplementedError(f"{self.type} has one output")

    def multiplicity(self, *args: Any, **kwargs: Any) -> int:
        """The number of samples that each sample becomes, from the inputs' shapes: regions cut out of one image.

        The batch axis of the forward pass grows by this factor, and all operations after the layer are multiplied by
        it.
        """
        return 1

    def runs_in_place(self) -> bool:
        """Whether the output can be written over an input of its size.

        An output element then depends on the input elements at its own place alone.
        """
        return False

    def stacked(self) -> int:
        """The number of layers that this one counts as towards the limit of a model: those stacked inside it."""
        return 1

    def as_activation(self) -> Layer:
        """The layer as another's `activation`, for frameworks whose function and layer have different defaults."""
        return self

    def steps_first(self) -> bool:
        """Whether the first axis counts the steps of a sequence, T in the formulas."""
        return False

    def features_last(self) -> bool:
        """Whether the last axis holds the features in every layout."""
        return False

    def remarks(self, *args: Any, **kwargs: Any) -> tuple[str, ...]:
        """Remarks for the reader of the derivation, from the inputs' shapes and the output's."""
        return ()

    def channels_first(self, weight: Weight) -> tuple[int, ...]:
        """The order of a weight's axes in PyTorch, ONNX and Caffe: outputs, inputs, then the kernel's spatial axes.

        Arrays that are not matrices or kernels, such as a table or a scale per position, have the same order
        everywhere.
        """
        *kernel, last = range(len(weight.shape))
        if not weight.is_kernel:
            return (*kernel, last)
        return (last, *kernel[-1:], *kernel[:-1])

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        """The axes of a learned kernel along which its outputs lie, PyTorch's first; () for other arrays."""
        if weight.statistic or len(weight.shape) < 2 or not weight.is_kernel:
            return ()
        return (len(weight.shape) - 1,)

    def taps(self, position: Place, x: Shape) -> Iterator[tuple[Place, Place | None]]:
        """The taps of an output position: the index of each, and its position in `x`, channels last, or None."""
        raise NotImplementedError(f"{self.type} does not show its working")

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        """The calculation of one output of a channel, from the taps of its position."""
        raise NotImplementedError(f"{self.type} does not show its working")

    # --- the setting's view of a shape ---------------------------------------------------------------------------

    def channels(self, shape: Shape) -> int:
        return self.setting.channels(shape)

    def spatial(self, shape: Shape) -> Shape:
        return self.setting.spatial(shape)

    def volume(self, spatial: Shape, channels: int) -> Shape:
        return self.setting.volume(spatial, channels)

    def along_channels(self, values: Array, x: Array) -> Array:
        """One value per channel, reshaped to broadcast with the batched array `x`."""
        return values if self.setting.layout == "HWC" else values.reshape(-1, *[1] * (x.ndim - 2))

    def axis_index(self, axis: str | int, shape: Shape) -> int:
        """The index in `shape` of an axis, given by name or counted from 1 or the end. Raises Refusal if absent."""
        rank = len(shape)
        names = self.axis_names(rank)
        if not rank:
            raise Refusal("a scalar has no axes", hint="unsqueeze 1 gives it one", field="axis", code="E303")
        if isinstance(axis, str) and axis in names:
            return names.index(axis)
        if not isinstance(axis, str) and 0 < abs(axis) <= rank:
            return axis - 1 if axis > 0 else rank + axis
        raise Refusal(
            f"{show_shape(shape)} has no axis {axis}",
            hint=f"name one of {', '.join(names)}, or count from 1 to {rank} without the batch",
            field="axis",
            code="E303",
        )

    def axis_names(self, rank: int) -> tuple[str, ...]:
        """The axes of a shape of `rank` sizes, in the layout's order: height, width, channels."""
        if not rank:
            return ()
        spatial = AXIS_NAMES.get(rank - 1) or tuple(f"axis {place}" for place in range(1, rank))
        return (*spatial, "channels") if self.setting.layout == "HWC" else ("channels", *spatial)

    def axes(self, value: PerAxis, shape: Shape, field: str) -> tuple[int, ...]:
        """`value` as one number per spatial axis of `shape`. Raises Refusal if a list has another length."""
        rank = len(shape) - 1
        if not isinstance(value, tuple):
            return (value,) * rank
        if len(value) != rank:
            value = self.setting.inner_axes(value, rank)
        if len(value) != rank:
            raise Refusal(
                f"{len(value)} values for an input with {rank} spatial {'axis' if rank == 1 else 'axes'}",
                hint=meant_axes(value, rank, self.channels(shape) if field == "kernel" else None),
                field=field,
                code="E303",
            )
        return value

    def require_spatial(self, shape: Shape) -> None:
        """Reject an input without spatial axes, or with more than three."""
        if not 2 <= len(shape) <= 4:
            raise Refusal(
                f"{self.type} needs an input with 1 to 3 spatial axes and channels, got {show_shape(shape)}",
                hint="reshape it first" if len(shape) < 2 else "",
                code="E303",
            )

    def placed(self, x: Shape, place: int, taps: AxisTaps) -> Reach:
        """These taps along the axis at index `place` of `x`, and each output's own position along the others."""
        if place == self.axis_index("channels", x):
            return "pointwise"
        along = place if self.setting.layout == "HWC" else place - 1
        return tuple(taps if index == along else SAME_PLACE for index in range(len(x) - 1))

    # --- tracing -------------------------------------------------------------------------------------------------

    def traced(self, rank: int) -> Layer:
        """A copy whose numbers are named terms: the rules, run on it, yield their derivation."""
        traced = {
            name: as_terms(getattr(self, field.attribute), field.symbol, lambda place: axis_name(rank, place)[:1])
            for name, field in self.fields.items()
        }
        return self.under(self.setting, **traced)


REGISTRY: dict[str, type[Layer]] = {}
"""Every layer type that has been imported, by its canonical name."""
