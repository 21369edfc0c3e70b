"""The tape: the layers of a draft, appended operation by operation, and the arrays that they own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.draft import DraftInput, DraftLayer, Location
from cnncalc.importing.layer_shapes import LayerShapes
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor, without_batch

_OF_KERNELS = ("spectral_norm", "weight_norm")
"""Wrappers that change the kernel of the layer inside, and no shape."""


class TapePosition(NamedTuple):
    """The operation at hand: the name that its layer gets, the modules around it, its place in the file."""

    name: str
    scope: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    location: Location = Location()
    operation: str = ""


class TapeMark(NamedTuple):
    """A moment of a tape, to which it can return: how many layers, names, owners and operands it had."""

    layers: int
    names: int
    owners: int
    operands: int


class Tape:
    """The layers so far. Names are unique; an array of the model counts once, for its first user."""

    def __init__(self, convention: str, layout: str, batch: int) -> None:
        self.convention = convention
        self.layout = layout
        self.batch = batch
        """The size of the batch in the program."""
        self.inputs: list[DraftInput] = []
        self.layers: list[DraftLayer] = []
        self.shapes = LayerShapes(convention, layout)
        self.position = TapePosition("x")
        self.owners: dict[str, str] = {}
        """The layer that has each array of the model, by the array's name."""
        self.taken: Counter[str] = Counter()
        self.names: list[str] = []
        """The names in the order in which they were taken."""
        self.operands: dict[str, TapeTensor] = {}
        """The `parameter` layers of arrays that are operands, by the arrays' names."""
        self.parts: dict[str, int] = {}
        """The number of outputs of each layer that has several, by the layer's name."""

    def at(self, position: TapePosition) -> None:
        """Begin an operation."""
        self.position = position

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Remove the layers of an operation that fails."""
        mark = self.mark()
        try:
            yield
        except Exception:
            self.back_to(mark)
            raise

    def mark(self) -> TapeMark:
        """This moment."""
        return TapeMark(len(self.layers), len(self.names), len(self.owners), len(self.operands))

    def back_to(self, mark: TapeMark) -> None:
        """Remove what was added after a moment: dictionaries keep the order in which arrays got their owners."""
        self.taken.subtract(self.names[mark.names :])
        for layer in self.layers[mark.layers :]:
            self.parts.pop(layer.name, None)
        del self.layers[mark.layers :], self.names[mark.names :]
        while len(self.owners) > mark.owners:
            self.owners.popitem()
        while len(self.operands) > mark.operands:
            self.operands.popitem()

    def input(self, name: str, dims: Shape, batch: int | None = 0, *, path: str = "") -> TapeTensor:
        """Add an input of the model."""
        own = self.unique(name)
        made = TapeTensor(own, dims, None if batch is None else BatchAxis(batch))
        self.inputs.append(DraftInput(own, made.sample, Location(path=path or f"input {name}")))
        return made

    # --- layers ----------------------------------------------------------------------------------------------------

    def append(
        self, type: str, arguments: Mapping[str, Any], inputs: Sequence[TapeTensor], dims: Shape,
        batch: BatchAxis | None, *, weights: Sequence[TapeArray] = (), suffix: str = "",
    ) -> TapeTensor:  # fmt: skip
        """Append a layer whose output has these sizes. Raises NotSaid if its type gives others, Refusal if none."""
        found = self.shape_of(type, arguments, inputs)
        sample = without_batch(dims, batch)
        if found != sample:
            raise NotSaid(f"{type} gives {found}, and not {sample}")
        layer = self.place(type, arguments, inputs, suffix)
        layer.stated_shape = sample
        self.own(layer, weights)
        return TapeTensor(layer.name, dims, batch, all(each.free for each in inputs), _cut(inputs, batch))

    def same(
        self, type: str, arguments: Mapping[str, Any], x: TapeTensor, *, weights: Sequence[TapeArray] = ()
    ) -> TapeTensor:  # fmt: skip
        """Append a layer that keeps the sizes of its input."""
        return self.append(type, arguments, [x], x.dims, x.batch, weights=weights)

    def shape_of(self, type: str, arguments: Mapping[str, Any], inputs: Sequence[TapeTensor]) -> Shape:
        """The output shape of a layer by its type's rule, beside arrays without a batch. Raises Refusal."""
        if type == "time_distributed":
            (inner, fields), steps = next(iter(arguments["layer"].items())), inputs[0].sample[0]
            one = [each.sample[1:] for each in inputs]
            return (steps, *self.shapes.of(inner, fields, one))
        if type in _OF_KERNELS:
            ((inner, fields),) = arguments["layer"].items()
            return self.shape_of(inner, fields, inputs)
        free = tuple(place for place, each in enumerate(inputs) if each.free) if len(inputs) > 1 else ()
        return self.shapes.of(type, arguments, [each.sample for each in inputs], free)

    def place(
        self, type: str, arguments: Mapping[str, Any], inputs: Sequence[TapeTensor], suffix: str = ""
    ) -> DraftLayer:  # fmt: skip
        """Append a layer at the current position, of whose output nothing is known yet."""
        here = self.position
        layer = DraftLayer(self.unique(".".join((*here.scope, here.name)) + suffix), type, dict(arguments), ())
        layer.inputs = tuple(each.name for each in inputs)
        layer.location, layer.operation = here.location, here.operation
        layer.scope, layer.kinds = here.scope, here.kinds
        self.layers.append(layer)
        return layer

    def opaque(self, inputs: Sequence[Operand], dims: Shape, batch: BatchAxis | None, *, macs: int = 0) -> TapeTensor:
        """Append an operation that no layer type is; arrays among its inputs are its parameters."""
        tensors = [each for each in inputs if isinstance(each, TapeTensor)]
        arrays = [each for each in inputs if isinstance(each, TapeArray) and each.learned]
        made = TapeTensor("", dims, batch, free=bool(tensors) and all(each.free for each in tensors))
        arguments: dict[str, Any] = {"output": list(made.sample) or "scalar"}
        if params := sum(each.elements for each in arrays if each.name not in self.owners):
            arguments["params"] = params
        if macs:
            arguments["macs"] = macs
        layer = self.place("opaque", arguments, tensors)
        layer.stated_shape = made.sample
        self.owners.update({each.name: layer.name for each in arrays if each.name not in self.owners})
        return TapeTensor(layer.name, dims, batch, made.free, _cut(tensors, batch))

    def several(
        self, type: str, arguments: Mapping[str, Any], x: TapeTensor, dims: Sequence[Shape]
    ) -> list[TapeTensor]:
        """Append a layer with several outputs, whose batch is where the input's is."""
        layer = self.place(type, arguments, [x])
        self.parts[layer.name] = len(dims)
        return [TapeTensor(f"{layer.name}.{k}", each, x.batch, x.free, x.cut) for k, each in enumerate(dims)]

    def unique(self, name: str) -> str:
        """A name that no layer has yet."""
        self.names.append(name)
        count = self.taken[name] = self.taken[name] + 1
        return name if count == 1 else self.unique(f"{name}_{count}")

    # --- arrays ----------------------------------------------------------------------------------------------------

    def own(self, layer: DraftLayer, weights: Sequence[TapeArray]) -> None:
        """Let a layer have arrays of the model, or share those that another layer has. Raises NotSaid."""
        if not weights:
            return
        named = [each for each in weights if each.name]
        earlier = [self.owners[each.name] for each in named if each.name in self.owners]
        fresh = [each for each in named if each.name not in self.owners]
        if earlier:
            layer.shares = self.shared(named, earlier, fresh)
        else:
            layer.stated_params = sum({each.name: each.elements for each in fresh if each.learned}.values())
        self.owners.update({each.name: layer.name for each in fresh})
        if not any(each.learned for each in weights):
            layer.trainable = "buffer"

    def shared(self, named: Sequence[TapeArray], earlier: Sequence[str], fresh: Sequence[TapeArray]) -> str | None:
        """The layer whose arrays a layer uses, if any. Raises NotSaid for arrays of several, and for a bias alone."""
        if len(set(earlier)) > 1 or named[0] in fresh or earlier[0] in {each.name for each in self.operands.values()}:
            raise NotSaid("arrays of several other layers")
        if fresh and (len(earlier) > 1 or len(fresh) > 1):
            raise NotSaid("some of the arrays of another layer")
        return earlier[0]

    def freeze(self, frozen: Mapping[str, bool]) -> dict[str, list[str]]:
        """Mark the layers whose learned arrays are all frozen; `frozen` has every learned array by its name.

        Returns the frozen arrays of layers that have trained ones, too, by the layer's name.
        """
        arrays: dict[str, list[str]] = {}
        for name in frozen:
            if name in self.owners:
                arrays.setdefault(self.owners[name], []).append(name)
        stuck = {layer: [name for name in names if frozen[name]] for layer, names in arrays.items()}
        whole = {layer for layer, names in stuck.items() if len(names) == len(arrays[layer])}
        for layer in self.layers:
            if layer.trainable is True and (layer.name in whole or layer.shares in whole):
                layer.trainable = False
                if layer.type == "parameter":
                    layer.arguments["buffer"] = False
        return {layer: names for layer, names in stuck.items() if names and layer not in whole}

    def batch_of(self, value: TapeArray) -> BatchAxis | None:
        """The axis of an array that is for the batch: copies that the program made, or a first axis of 1."""
        if not value.learned and self.batch in value.dims:
            return BatchAxis(value.dims.index(self.batch))
        return BatchAxis(0) if len(value.dims) > 1 and value.dims[0] == 1 else None

    def is_owned(self, array: TapeArray) -> bool:
        """Whether a layer has the array already."""
        return bool(array.name) and array.name in self.owners

    def tensor(self, value: Operand) -> TapeTensor:
        """An operand as a tensor: an array becomes a `parameter` layer, once. Raises NotSaid for another's weights.

        A first axis of 1 is taken for the batch's, as in a position table of 1×197×768.
        """
        if isinstance(value, TapeTensor):
            return value
        if value.name in self.operands:
            return self.operands[value.name]
        if self.is_owned(value):
            raise NotSaid("a weight of another layer")
        batch = self.batch_of(value)
        shape = TapeTensor("", value.dims, batch).sample
        arguments: dict[str, Any] = {"shape": list(shape) or "scalar"}
        if not value.learned:
            arguments["buffer"] = True
        before = self.position
        named = self.position_of(value)
        self.at(named or before)
        layer = self.place("parameter", arguments, [], "" if named else "_array")
        self.at(before)
        layer.stated_shape, layer.stated_params = shape, value.elements if value.learned else 0
        made = TapeTensor(layer.name, value.dims, batch, free=True)
        if value.name:
            self.owners[value.name], self.operands[value.name] = layer.name, made
        return made

    def position_of(self, array: TapeArray) -> TapePosition | None:
        """The position of an array by its name, `blocks.0.scale`; None for one that has none."""
        if not array.name:
            return None
        *scope, own = array.name.split(".")
        here = self.position
        return here._replace(name=own, scope=tuple(scope), kinds=here.kinds if tuple(scope) == here.scope else ())


def _cut(inputs: Sequence[TapeTensor], batch: BatchAxis | None) -> str:
    """The reshape that cut the samples of one of a layer's inputs, if the output has them, too."""
    return next((found for each in inputs if (found := each.cut_with(batch))), "")
