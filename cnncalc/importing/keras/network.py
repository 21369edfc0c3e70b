"""From a model's configuration to a draft: calls in the order of their data, nested models opened, weights shared."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, PartedSource, Span, shortened
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer, Location
from cnncalc.importing.formats import Request, check_layers, fail
from cnncalc.importing.given_shapes import given_shape
from cnncalc.importing.keras.calls import MODELS, LayerConfig, LayerUse, ModelLayers, TensorRef, model_layers
from cnncalc.importing.keras.class_names import meant_activation, meant_class
from cnncalc.importing.keras.composed import composed, with_sizes
from cnncalc.importing.keras.container import ModelConfig
from cnncalc.importing.keras.layers import (
    OwnLayer,
    QuotedNumberError,
    Unknown,
    UnknownActivation,
    has_weights,
    without_channels_axis,
)
from cnncalc.importing.keras.operations import operation_of
from cnncalc.importing.keras.recurrent import unread_activations, with_inner
from cnncalc.layers.registry import find
from cnncalc.number_text import thousands

_MOST_PARTS = 10_000
_STATES = 5
"""The outputs of a recurrent layer of two directions with its states."""


def draft_of(config: ModelConfig, request: Request) -> Draft:
    """The draft of a model. Raises SpecError (E111)."""
    model = model_layers(request.path, config.model)
    check_layers(request, len(model.layers))
    expansion = Expansion(request)
    outputs = expansion.expand(model, (), None)
    expansion.refuse_states(outputs)
    version = f"Keras {config.version}" if config.version else "Keras"
    if not expansion.layers:
        fail(request.path, "the model has no layer")
    layout = "CHW" if expansion.layouts == {"channels_first"} else "HWC"
    if len(expansion.layouts) > 1:
        fail(request.path, "some layers are channels_first and others channels_last, which no spec can say")
    return Draft(
        PartedSource(request.path), version, "keras", layout, expansion.inputs, _used(expansion.layers, outputs),
        tuple(dict.fromkeys(outputs)), name=model.name, doubts=expansion.doubts, states_params=False,
        follows_input=False,
    )  # fmt: skip


class Expansion:
    """The layers of a model and of those inside it, appended call by call."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.inputs: list[DraftInput] = []
        self.layers: list[DraftLayer] = []
        self.layouts: set[str] = set()
        self.taken: Counter[str] = Counter()
        self.owners: dict[tuple[str, int], str] = {}
        """Of each layer of the file, by its path and piece: the draft's layer that has its weights."""
        self.calls = 0
        self.nested: dict[str, ModelLayers] = {}
        """The nested models that are read, by their paths in the file, since one may be called many times."""
        self.doubts: list[Diagnostic] = []
        self.states: dict[str, str] = {}
        """The recurrent layers that give a state beside their sequence, with their places in the file."""

    def expand(self, model: ModelLayers, scope: tuple[str, ...], given: list[str] | None) -> list[str]:
        """Append a model's layers and return the names of its outputs. `given` are the tensors of a nested model."""
        if model.is_sequential:
            return self.sequential(model, scope, given)
        tensors: dict[tuple[str, int, int], str] = {}
        self.take_inputs(model, tensors, given)
        stated = _stated_shapes(model)
        for layer, number, call in self.ordered(model, tensors):
            names = [self.found(tensors, each) for each in call.inputs]
            outputs = self.apply(layer, call, names, scope, stated.get((layer.name, number)))
            for index, name in enumerate(outputs):
                tensors[layer.name, number, index] = name
        return [self.found(tensors, each) for each in model.outputs]

    def sequential(self, model: ModelLayers, scope: tuple[str, ...], given: list[str] | None) -> list[str]:
        """A chain. The input's shape is that of an InputLayer, of the first layer, or of the model."""
        layers = list(model.layers)
        if given is None:
            if not layers:
                fail(self.request.path, "the model has no layer")
            first = layers[0]
            shape = first.config.get("batch_shape") or first.config.get("batch_input_shape") or model.shape
            name = first.name if first.class_name == "InputLayer" else "input"
            given = [self.add_input(name, shape, first.path)]
        for layer in layers:
            if layer.class_name != "InputLayer":
                given = self.apply(layer, LayerUse(), given, scope, None)
        return given

    def take_inputs(
        self, model: ModelLayers, tensors: dict[tuple[str, int, int], str], given: list[str] | None
    ) -> None:  # fmt: skip
        for index, each in enumerate(model.inputs):
            layer = next((layer for layer in model.layers if layer.name == each.layer), None)
            if given is not None:
                if not given:
                    fail(self.request.path, f'the model "{model.name}" is called on no tensor')
                tensors[each.layer, each.node, each.tensor] = given[min(index, len(given) - 1)]
            elif layer is not None:
                shape = layer.config.get("batch_shape") or layer.config.get("batch_input_shape")
                tensors[each.layer, each.node, each.tensor] = self.add_input(layer.name, shape, layer.path)

    def add_input(self, name: str, shape: Any, path: str) -> str:
        """An input of the whole model; `shape` has the batch in front."""
        stated = tuple(shape[1:]) if isinstance(shape, list) and len(shape) > 0 else None
        sizes: Any = given_shape(self.request, name, stated=stated, is_first=not self.inputs) or stated
        name = self.unique(name)
        self.inputs.append(DraftInput(name, sizes, Location(path=path)))
        return name

    def ordered(
        self, model: ModelLayers, tensors: dict[tuple[str, int, int], str]
    ) -> Iterator[tuple[LayerConfig, int, LayerUse]]:  # fmt: skip
        """The calls, each after those that give its inputs. Raises SpecError for a cycle or a missing layer."""
        entering = {(each.layer, each.node) for each in model.inputs}
        missing: dict[int, int] = {}
        waiting: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        calls = [
            (layer, number, call)
            for layer in model.layers
            for number, call in enumerate(layer.calls)
            if (layer.name, number) not in entering and layer.class_name != "InputLayer"
        ]
        for index, (_, _, call) in enumerate(calls):
            needed = {(each.layer, each.node) for each in call.inputs} - entering
            missing[index] = len(needed)
            for key in needed:
                waiting[key].append(index)
        ready = deque(index for index in range(len(calls)) if not missing[index])
        done = 0
        while ready:
            index = ready.popleft()
            done += 1
            yield calls[index]
            layer, number, _ = calls[index]
            for later in waiting[layer.name, number]:
                missing[later] -= 1
                if not missing[later]:
                    ready.append(later)
        if done < len(calls):
            layer = next(each[0] for index, each in enumerate(calls) if missing[index])
            fail(self.request.path, f'{layer.path} "{layer.name}": an input of this layer is never computed')

    def found(self, tensors: dict[tuple[str, int, int], str], reference: TensorRef) -> str:
        name = tensors.get(reference[:3])
        if name is None:
            fail(self.request.path, f'no output {reference.tensor} of the layer "{reference.layer}" is known')
        return name

    def apply(
        self, layer: LayerConfig, call: LayerUse, names: list[str], scope: tuple[str, ...], stated: Shape | None
    ) -> list[str]:  # fmt: skip
        """Append what one call of a layer is, and return the names of its outputs."""
        self.calls += 1
        most = self.request.limits.layers
        if self.calls > most:
            fail(self.request.path, f"the model's layers are called more than {thousands(most)} times", "--max-layers")
        if layer.class_name in MODELS:
            return self.expand(self.model_of(layer), (*scope, layer.name), names)
        if (word := layer.config.get("data_format", layer.config.get("dim_ordering"))) is not None:
            self.layouts.add({"th": "channels_first", "tf": "channels_last"}.get(str(word), str(word)))
        if layer.class_name == "CustomScaleLayer" and len(names) == 2:  # of keras.applications: x + scale * y
            scaled = OwnLayer("rescaling", {"scale": layer.config.get("scale", 1.0)})
            return [
                self.add(layer, OwnLayer("add", {}), [names[0], self.add(layer, scaled, names[1:], scope, 1, None)],
                         scope, 0, stated)
            ]  # fmt: skip
        pieces = _pieces(self.request.path, layer, call)
        if layer.config.get("lora_rank"):
            self.doubt(layer, f"{layer.name}: its low-rank matrices (lora_rank) are not counted")
        if pieces[0].type != "opaque":
            if layer.module == "keras.layers":
                _refuse_mistyped_cells(self.request.path, layer)
            for word in unread_activations(layer.class_name, layer.config):
                self.doubt(layer, f"{layer.name}: the activation {word} of its cell is read as tanh")
        names = self.entering(layer, pieces[0], names)
        for index, piece in enumerate(pieces):
            last = index == len(pieces) - 1
            names = [self.add(layer, piece, names, scope, index, stated if last else None)]
        return self.results(layer, pieces[-1], names[0])

    def model_of(self, layer: LayerConfig) -> ModelLayers:
        """A nested model."""
        if layer.path not in self.nested:
            config = {"class_name": layer.class_name, "config": _models_own(layer)}
            self.nested[layer.path] = model_layers(self.request.path, config, layer.path)
        return self.nested[layer.path]

    def entering(self, layer: LayerConfig, piece: OwnLayer, names: list[str]) -> list[str]:
        """The tensors that a layer takes: of a recurrent layer, those that are not its first states."""
        found = find(piece.type)
        if piece.type == "multi_head_attention" and len(names) > 2:  # Keras has the value before the key
            return [names[0], names[2], names[1], *names[3:]]
        if len(names) > 1 and found is not None and (found[0].family == "recurrent" or piece.type == "bidirectional"):
            self.doubt(layer, f"{layer.name} starts from the states of another layer, which a spec does not connect")
            return names[:1]
        return names

    def doubt(self, layer: LayerConfig, message: str) -> None:
        """A warning about a layer."""
        span = Span(PartedSource(self.request.path, (f'{layer.path} "{layer.name}"',)), 0, 1)
        self.doubts.append(Diagnostic("E112", message, span, severity="warning"))

    def results(self, layer: LayerConfig, piece: OwnLayer, name: str) -> list[str]:
        """The names of a layer's outputs: the parts of a split, or the output and the states of a recurrent layer."""
        parts = piece.arguments.get("parts") if piece.type == "split" else None
        if parts is not None:
            count = len(parts) if isinstance(parts, list) else parts
            return [f"{name}.{part}" for part in range(min(count, _MOST_PARTS))] if isinstance(count, int) else [name]
        inner = layer.config.get("layer")
        config = inner["config"] if piece.type == "bidirectional" and isinstance(inner, dict) else layer.config
        if not config.get("return_state"):
            return [name]
        if piece.type == "bidirectional":  # a state is one of a single direction, and half as long
            self.states[name] = layer.path
            return [name, *[f"{name} state"] * (_STATES - 1)]
        if not config.get("return_sequences"):  # the output is the state, and no other has another shape
            return [name] * _STATES
        self.states[name] = layer.path
        return [name, *[f"{name} state"] * (_STATES - 1)]

    def add(
        self, layer: LayerConfig, piece: OwnLayer, names: Sequence[str], scope: tuple[str, ...], index: int,
        stated: Shape | None,
    ) -> str:  # fmt: skip
        self.refuse_states(names)
        own = "/".join((*scope, layer.name)) + (f"_{piece.type}" if index else "")
        name = self.unique(own)
        arguments = without_channels_axis(piece, stated) if len(names) == 1 else piece.arguments
        made = DraftLayer(
            name, piece.type, arguments, tuple(names), Location(path=f'{layer.path} "{layer.name}"'),
            scope=scope, trainable=layer.config.get("trainable", True) is not False, stated_shape=stated,
            operation=layer.class_name,
        )  # fmt: skip
        if has_weights(piece.type):
            owner = self.owners.setdefault((layer.path, index), name)
            made.shares = owner if owner != name else None
        self.layers.append(made)
        return name

    def refuse_states(self, names: Sequence[str]) -> None:
        """Raise SpecError for a use of a state, except as that from which another layer starts."""
        for name in names:
            owner = name.removesuffix(" state")
            if owner != name and owner in self.states:
                fail(self.request.path, f"{self.states[owner]}: the state of {owner} is used, which a spec cannot name")

    def unique(self, name: str) -> str:
        self.taken[name] += 1
        return name if self.taken[name] == 1 else self.unique(f"{name}_{self.taken[name]}")


def _pieces(file: str, layer: LayerConfig, call: LayerUse) -> list[OwnLayer]:
    """The layers that a layer of Keras is; an opaque one if it has no type here."""
    if layer.is_users:
        return [OwnLayer("opaque", {})]
    try:
        config = with_sizes(layer.class_name, layer.config, layer.input_shape)
        return operation_of(layer, call) or composed(layer.class_name, config)
    except QuotedNumberError as wrong:
        where = f'{layer.path} "{layer.name}": {wrong.key}'
        fail(file, f'{where}: "{wrong.text}" is a text, and not a number', f"write {wrong.text.strip()} without quotes")
    except Unknown as unknown:
        if layer.module == "keras.layers":
            _refuse_mistyped(file, layer, unknown)
        return [OwnLayer("opaque", {})]


def _refuse_mistyped(file: str, layer: LayerConfig, unknown: Unknown) -> None:
    """Raise SpecError for names close to Keras's own; Keras 3 writes a function of the user's as an object."""
    where, word = f'{layer.path} "{layer.name}"', str(unknown)
    for class_name, config in with_inner(layer.class_name, layer.config):
        if near := meant_class(class_name):
            fail(file, f"{where}: keras.layers has no {shortened(class_name)}", f"did you mean {near}?")
        is_plain = isinstance(unknown, UnknownActivation) and config.get("activation") == word
        if is_plain and (near := meant_activation(word)):
            fail(file, f"{where}: unknown activation {shortened(word)}", f"did you mean {near}?")


def _refuse_mistyped_cells(file: str, layer: LayerConfig) -> None:
    """Raise SpecError for activations of cells that are close to Keras's own."""
    for _, config in with_inner(layer.class_name, layer.config):
        for key in ("activation", "recurrent_activation"):
            word = config.get(key)
            if isinstance(word, str) and (near := meant_activation(word)):
                where = f'{layer.path} "{layer.name}"'
                fail(file, f"{where}: unknown {key} {shortened(word)}", f"did you mean {near}?")


def _used(layers: list[DraftLayer], outputs: list[str]) -> list[DraftLayer]:
    """The layers without the operations of no type that nothing uses, such as the comparison that makes a mask."""
    used, kept = set(outputs), []
    for layer in reversed(layers):
        if layer.type != "opaque" or layer.name in used or layer.stated_params:
            used.update(layer.inputs)
            kept.append(layer)
    return kept[::-1]


def _models_own(layer: LayerConfig) -> Any:
    """The configuration of a nested model: a bare list where Keras 2.2 wrote one."""
    listed = layer.config.get("layers")
    return listed if isinstance(listed, list) and set(layer.config) == {"layers"} else layer.config


def _stated_shapes(model: ModelLayers) -> dict[tuple[str, int], Shape]:
    """The shapes without the batch that Keras 3 states of each call's output, where the file leaves none open."""
    found: dict[tuple[str, int], Shape] = {}
    references = [each for layer in model.layers for call in layer.calls for each in call.inputs]
    for each in (*references, *model.outputs):
        if each.shape is not None and each.tensor == 0:
            sizes = each.shape[1:]
            known = tuple(size for size in sizes if size is not None)
            if len(known) == len(sizes):
                found[each.layer, each.node] = known
    return found
