"""The layers of a row, appended one by one: what the modules are written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.importing.draft import DraftLayer, Location
from cnncalc.importing.layer_shapes import output_shape
from cnncalc.importing.ultralytics.activations import ActivationChoice

if TYPE_CHECKING:
    from cnncalc.importing.ultralytics.network import YoloNetwork

CONVENTION, LAYOUT = "pytorch", "CHW"


class FeatureMap(NamedTuple):
    """The output of a layer: its name, and its shape without the batch."""

    name: str
    shape: Shape

    @property
    def channels(self) -> int:
        return self.shape[0]


class ModuleParts:
    """A module of the library: its layers are appended under its name.

    `path` are the names of the modules around a layer as in the library's state dictionary, and `kinds` their classes.
    """

    def __init__(self, network: YoloNetwork, path: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        self.network = network
        self.path = path
        self.kinds = kinds

    def inner(self, name: str, kind: str = "Sequential") -> ModuleParts:
        """A module inside; `m.0` is the first of the list `m`."""
        outer, last = name.split(".")[:-1], name.split(".")[-1]
        return ModuleParts(
            self.network, (*self.path, *outer, last), (*self.kinds, *["ModuleList"] * len(outer), kind)
        )  # fmt: skip

    def layer(
        self, name: str, type: str, inputs: Sequence[FeatureMap], *, trainable: bool = True, **fields: Any
    ) -> FeatureMap:  # fmt: skip
        """Append a layer; its shape is that of the layer type's own rule, which may refuse the row."""
        row = self.network.row
        try:
            shape = output_shape(
                type, fields, [each.shape for each in inputs], convention=CONVENTION, layout=LAYOUT
            )  # fmt: skip
        except Refusal as refusal:
            row.fail(f"{'.'.join((*self.path[1:], name))}: {refusal.message}", refusal.hint)
        full = ".".join((*self.path, name))
        place = Location(row.module_span.start, row.module_span.end, path=row.title)
        names = tuple(each.name for each in inputs)
        made = DraftLayer(full, type, fields, names, place, self.path, self.kinds, trainable, operation=row.module)
        self.network.append(made)
        return FeatureMap(full, shape)

    # --- convolutions ----------------------------------------------------------------------------------------------

    def conv(self, name: str, x: FeatureMap, c2: int, k: Any = 1, s: Any = 1, **more: Any) -> FeatureMap:
        """A convolution without a bias, batch normalization and the activation: the library's `Conv`.

        `more` may hold `p`, the padding (by default that which keeps the size), `g`, `d` and `act`.
        """
        return self.inner(name, "ConvUnit").conv_unit(x, c2, k, s, **more)

    def conv_unit(self, x: FeatureMap, c2: int, k: Any = 1, s: Any = 1, **more: Any) -> FeatureMap:
        """The layers of a `Conv` in this module."""
        d = more.get("d", 1)
        padding = more.get("p")
        if padding is None:
            padding = same_padding(k, d)
        fields = {"kernel": k, "stride": s, "padding": padding, "dilation": d, "groups": more.get("g", 1)}
        return self.finished(self.bare_conv("conv", x, c2, bias=False, **fields), more.get("act", True))

    def bare_conv(self, name: str, x: FeatureMap, c2: int, **fields: Any) -> FeatureMap:
        """A convolution alone; a depthwise one where every channel is a group of its own."""
        fields = {key: as_list(value) for key, value in fields.items() if value != _DEFAULTS.get(key)}
        fields.setdefault("kernel", 1)
        if fields.get("groups") == x.channels == c2 > 1:
            del fields["groups"]
            return self.layer(name, "depthwise_conv", [x], **fields)
        return self.layer(name, "conv", [x], filters=c2, **fields)

    def finished(self, x: FeatureMap, act: Any = True, norm: str = "bn") -> FeatureMap:
        """Batch normalization and the activation: the file's (True), one that is named, or none."""
        return self.activated(self.layer(norm, "batch_norm", [x]), act)

    def activated(self, x: FeatureMap, act: Any = True) -> FeatureMap:
        """The activation: the file's default for True, none for False, a given one otherwise."""
        choice = self.network.activation if act is True else act if isinstance(act, ActivationChoice) else None
        if choice is None:
            return x
        return self.layer("act", choice.type, [x], **choice.fields)

    # --- joins -----------------------------------------------------------------------------------------------------

    def concat(self, inputs: Sequence[FeatureMap], name: str = "cat", **fields: Any) -> FeatureMap:
        return self.layer(name, "concat", inputs, **fields)

    def add(self, one: FeatureMap, other: FeatureMap, name: str = "add") -> FeatureMap:
        return self.layer(name, "add", [one, other])

    def split(self, x: FeatureMap, sizes: Sequence[int], name: str = "split", axis: int = 1) -> list[FeatureMap]:
        """The parts of an axis, counted from 1, with these sizes."""
        equal = len(set(sizes)) == 1
        fields: dict[str, Any] = {"parts": len(sizes) if equal else list(sizes)}
        if axis != 1:
            fields["axis"] = axis
        whole = self.layer(name, "split", [x], **fields)
        at = axis - 1
        return [
            FeatureMap(f"{whole.name}.{part}", (*x.shape[:at], size, *x.shape[at + 1 :]))
            for part, size in enumerate(sizes)
        ]  # fmt: skip

    def halves(self, x: FeatureMap) -> list[FeatureMap]:
        """The two halves of the channels."""
        return self.split(x, [x.channels // 2, x.channels - x.channels // 2], "chunk")

    def reshape(self, name: str, x: FeatureMap, *sizes: int) -> FeatureMap:
        return self.layer(name, "reshape", [x], shape=list(sizes))

    def permute(self, name: str, x: FeatureMap, *order: int) -> FeatureMap:
        """The axes in another order, counted from 1."""
        return self.layer(name, "permute", [x], order=list(order))

    def weights(self, name: str, *shape: int) -> FeatureMap:
        """A learned array."""
        return self.layer(name, "parameter", [], shape=list(shape) or "scalar")

    def training_only(self, name: str, count: int) -> None:
        """Parameters that the library has for training alone: they are counted, and nothing is computed with them."""
        if count:
            self.weights(name, count)

    # --- refusals --------------------------------------------------------------------------------------------------

    def need(self, fact: bool, message: str, hint: str = "") -> None:
        """Refuse the row unless a fact holds."""
        if not fact:
            self.network.row.fail(message, hint)


_DEFAULTS: Mapping[str, Any] = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}


def same_padding(k: Any, d: int = 1) -> Any:
    """The padding that keeps the size of an odd window at stride 1, for one size or a list."""
    return [same_padding(each, d) for each in k] if isinstance(k, list | tuple) else (d * (k - 1) + 1) // 2


def as_list(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def conv_params(c1: int, c2: int, k: int = 1) -> int:
    """The parameters of a `Conv`: the kernel, and scale and shift of its batch normalization."""
    return c1 * c2 * k * k + 2 * c2


def dense_params(inputs: int, units: int) -> int:
    """The parameters of a dense layer, or of a convolution 1x1, with biases."""
    return inputs * units + units
