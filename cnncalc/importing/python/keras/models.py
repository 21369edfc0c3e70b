"""Keras's models: Sequential, functional and subclassed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.python import outcome
from cnncalc.importing.python.keras import example_calls
from cnncalc.importing.python.keras.configuration import KerasSetup, config_of
from cnncalc.importing.python.keras.graph import (
    GraphTensor,
    NodeWords,
    child_name,
    graph_of,
    keras_order,
    record,
    tensors_in,
    unknown_in,
)
from cnncalc.importing.python.keras.layer_calls import BUILT_IN, as_call, call_layer, own_call
from cnncalc.importing.python.keras.layer_names import layer_name
from cnncalc.importing.python.keras.layer_pieces import runner
from cnncalc.importing.python.keras.layers import LAYER
from cnncalc.importing.python.keras.model_kinds import FunctionalModel, SequentialModel
from cnncalc.importing.python.keras.model_layers import get_layer, sublayers
from cnncalc.importing.python.keras.problems import check_declared, hint_of_batch
from cnncalc.importing.python.keras.replaying import copied
from cnncalc.importing.python.keras.stored_models import save
from cnncalc.importing.python.tracing import BATCH, ModulePath
from cnncalc.importing.tensors.tensor import NotSaid
from cnncalc.source.values import (
    CallGiven,
    CodePlace,
    NativeFunction,
    PyClass,
    PyInstance,
    Unfollowed,
    Wrapped,
    native_class,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


# --- inputs --------------------------------------------------------------------------------------------------------


def input_tensor(interpreter: Interpreter, given: CallGiven) -> object:
    """`keras.Input(shape=…)` or `tf.placeholder`'s counterpart: a symbolic tensor."""
    names = ("shape", "batch_size", "dtype", "sparse", "batch_shape", "name")
    values = {**dict(zip(names, given.values, strict=False)), **given.keywords}
    shape = values.get("shape", values.get("input_shape"))
    if shape is None:
        whole = values.get("batch_shape", values.get("batch_input_shape"))
        shape = whole[1:] if isinstance(whole, list | tuple) else None
    name = layer_name(interpreter, "InputLayer", values.get("name")).replace("input_layer", "input")
    return made_input(interpreter, shape, name, given)


def made_input(interpreter: Interpreter, shape: object, name: str, given: CallGiven) -> object:
    """An input of a shape without the batch; sizes that it leaves open are the caller's."""
    tracing = graph_of(interpreter)
    wanted = tracing.shapes.get(name) or tracing.shapes.get("")
    if isinstance(shape, Unfollowed):
        if wanted is None:
            return Unfollowed(
                f"an input whose shape is unknown ({shape.reason}); give it with --input 32x32x3", given.place
            )
        shape = wanted
    if isinstance(shape, int):
        shape = (shape,)
    if isinstance(shape, list | tuple):
        shape = tuple(None if isinstance(each, Unfollowed) else each for each in shape)
    if not isinstance(shape, list | tuple) or not all(each is None or isinstance(each, int) for each in shape):
        return Unfollowed("an input without a shape", given.place)
    sizes = closed(tuple(shape), wanted)
    if sizes is None:
        example = "x".join(str(each or 32) for each in shape)
        reason = f"an input of open sizes {tuple(shape)}; give them with --input {example}"
        tracing.open_input = tracing.open_input or Unfollowed(reason, given.place)
        return Unfollowed(reason, given.place)
    value = tracing.tape.input(name, (BATCH, *sizes))
    return GraphTensor(value.dims, value=value, label=name)


def closed(shape: tuple[int | None, ...], wanted: Shape | None) -> Shape | None:
    """A shape whose open sizes are those of another one; None if it does not say them."""
    if None not in shape:
        return tuple(size for size in shape if size is not None)
    if wanted is None or len(wanted) != len(shape):
        return None
    return tuple(size if own is None else own for own, size in zip(shape, wanted, strict=True))


# --- Sequential ----------------------------------------------------------------------------------------------------


def _sequential_init(interpreter: Interpreter, given: CallGiven) -> object:
    made, *values = given.values
    assert isinstance(made, PyInstance)
    listed = values[0] if values else given.keywords.get("layers")
    name = given.keywords.get("name", values[1] if len(values) > 1 else None)
    model = SequentialModel(layer_name(interpreter, "Sequential", name))
    made.extra = model
    made.place = given.place
    made.attributes["name"] = model.name
    for each in listed if isinstance(listed, list | tuple) else ():
        if isinstance(each, PyInstance | GraphTensor):
            append(model, each)
        else:
            unknown = each if isinstance(each, Unfollowed) else Unfollowed("a layer of a Sequential", given.place)
            model.layers.append(_unknown_layer(unknown.place, unknown.reason))
    return listed if isinstance(listed, Unfollowed) else None


def append(model: SequentialModel, value: object) -> object:
    """Add a layer, or the input that a Sequential begins with."""
    if isinstance(value, GraphTensor) and value.is_input:
        model.shape = value.shape[1:]
        model.name = model.name or value.label
    elif isinstance(value, PyInstance) and value.kind.descends(LAYER):
        setup = value.extra
        if not model.layers and isinstance(setup, KerasSetup) and setup.shape:
            model.shape = setup.shape
        if not model.layers and isinstance(setup, SequentialModel) and setup.shape:
            model.shape = setup.shape
        if not model.layers and isinstance(setup, FunctionalModel):
            model.shape = _shape_of(setup)
        model.layers.append(value)
    return None


def _shape_of(model: FunctionalModel) -> tuple[int | None, ...] | None:
    try:
        return model.tensors()[0][0].shape[1:]
    except (NotSaid, IndexError):
        return None


def _add(interpreter: Interpreter, given: CallGiven) -> object:
    made, value = given.values
    assert isinstance(made, PyInstance)
    if not isinstance(made.extra, SequentialModel):
        return Unfollowed("add(…)", given.place)
    if not isinstance(value, PyInstance | GraphTensor):
        place = value.place if isinstance(value, Unfollowed) else given.place
        reason = value.reason if isinstance(value, Unfollowed) else "a layer of a Sequential"
        made.extra.layers.append(_unknown_layer(place, reason))
        return value
    return append(made.extra, value)


def _unknown_layer(place: CodePlace, reason: str) -> PyInstance:
    """A layer of a Sequential that cannot be followed."""
    return PyInstance(LAYER, {}, place, KerasSetup("", {}, "", None, reason))


def _pop(interpreter: Interpreter, given: CallGiven) -> object:
    made = given.values[0]
    if isinstance(made, PyInstance) and isinstance(made.extra, SequentialModel) and made.extra.layers:
        made.extra.layers.pop()
    return None


def call_sequential(interpreter: Interpreter, given: CallGiven) -> object:
    """A call of a Sequential: its layers one after the other, inside it unless it is the model itself."""
    made = given.values[0]
    assert isinstance(made, PyInstance)
    model = made.extra
    if not isinstance(model, SequentialModel):
        return Unfollowed("Sequential(…)", given.place)
    if example_calls.on_arrays(interpreter, given):
        return Unfollowed("the output for an array", given.place)
    tracing = graph_of(interpreter)
    parts = scope_of(interpreter, made, model.name)
    tracing.path.append(ModulePath(parts, ("Sequential",) * len(parts), made))
    try:
        value = given.values[1] if len(given.values) > 1 else given.keywords.get("inputs")
        if isinstance(value, GraphTensor):
            check_input(interpreter, made, value.dims[1:])
        for layer in model.layers:
            if isinstance(value, Unfollowed):
                tracing.reach_unknown(layer, value)
            else:
                value = interpreter.call(layer, CallGiven([value], {}, layer.place or given.place))
        return value
    finally:
        tracing.path.pop()


def _call_own_sequential(interpreter: Interpreter, given: CallGiven) -> object:
    """A call of a Sequential, or of a subclass that defines `call` itself."""
    made = given.values[0]
    assert isinstance(made, PyInstance)
    return call_layer(interpreter, given) if own_call(made.kind) else call_sequential(interpreter, given)


def check_input(interpreter: Interpreter, made: object, sizes: Shape) -> None:
    """Report an input of another shape than the one that a Sequential or its first layer declares."""
    if not isinstance(made, PyInstance) or not isinstance(made.extra, SequentialModel | KerasSetup):
        return
    first = made.extra.layers[0] if isinstance(made.extra, SequentialModel) and made.extra.layers else made
    own = first.extra.declared_at if isinstance(first.extra, KerasSetup) else None
    place = own or first.place or made.place
    if made.extra.shape is not None and place is not None:
        wrong = check_declared(first.kind.name, made.extra.shape, sizes)
        if wrong:
            hint = (
                f"write {sizes[0]}" if own is not None and len(sizes) == 1 else hint_of_batch(made.extra.shape, sizes)
            )
            graph_of(interpreter).contradiction("E308", wrong, place.span, hint)


def at_each_step(interpreter: Interpreter, instance: PyInstance, setup: KerasSetup, x: GraphTensor) -> object | None:
    """The layers of a Sequential at each step, one after the other; None for another layer inside."""
    inner = instance.attributes.get("layer")
    check_input(interpreter, inner, x.dims[2:])
    if not isinstance(inner, PyInstance) or not isinstance(inner.extra, SequentialModel):
        return None
    around = graph_of(interpreter).path
    scope = (*(around[-1].parts if around else ()), setup.name)
    value: object = x
    for each in inner.extra.layers:
        if not isinstance(value, GraphTensor):
            break
        config = {"layer": config_of(each)}
        own = each.extra.name if isinstance(each.extra, KerasSetup) else each.kind.name
        words = NodeWords(own, "TimeDistributed", scope)
        run = runner(each, KerasSetup("TimeDistributed", config, own, None))
        place = each.place or inner.place
        value = record(interpreter, run, [value], words, place) if place is not None else inner
    return value


def scope_of(interpreter: Interpreter, made: PyInstance, name: str) -> tuple[str, ...]:
    """The name of a model inside another one; nothing for the outermost."""
    tracing = graph_of(interpreter)
    if not tracing.path:
        return () if tracing.is_active and not tracing.called else (name,)
    path = child_name(tracing.path[-1].instance, made) or (name,)
    return (*tracing.path[-1].parts, *path)


# --- functional and subclassed -------------------------------------------------------------------------------------


def _model_init(interpreter: Interpreter, given: CallGiven) -> object:
    """`keras.Model(inputs, outputs)`; nothing for a subclass that defines `call`."""
    made, *values = given.values
    assert isinstance(made, PyInstance)
    names = {**dict(zip(("inputs", "outputs"), values, strict=False)), **given.keywords}
    inputs = names.get("inputs", names.get("input"))
    outputs = names.get("outputs", names.get("output"))
    name = layer_name(interpreter, "Functional" if made.kind is MODEL else made.kind.name, names.get("name"))
    made.attributes["name"] = name
    made.place = made.place or given.place
    if inputs is not None and outputs is not None:
        if unknown := unknown_in(inputs):
            return unknown
        model = FunctionalModel(name, inputs, outputs, len(graph_of(interpreter).unknown_calls))
        if model.unknown is not None and outcome.is_mistake(model.unknown):
            return model.unknown
        made.extra = model
        graph_of(interpreter).functional.append((inputs, outputs))
    return None


def call_model(interpreter: Interpreter, given: CallGiven) -> object:
    """A call of a model: the nodes of a functional one once more, or the `call` of a subclass."""
    made = given.values[0]
    assert isinstance(made, PyInstance)
    if example_calls.on_arrays(interpreter, given):
        return Unfollowed("the output for an array", given.place)
    if not isinstance(made.extra, FunctionalModel) or own_call(made.kind):
        return call_layer(interpreter, given)
    return _call_built_in(interpreter, given)


def _call_built_in(interpreter: Interpreter, given: CallGiven) -> object:
    """A call of a functional model, also by `super().call(x)` of a subclass."""
    made = given.values[0]
    assert isinstance(made, PyInstance)
    if not isinstance(made.extra, FunctionalModel):
        return Unfollowed(f"{made.kind.name}(…)", given.place)
    values = given.without_first()
    if unknown := values.unfollowed() or made.extra.unknown:
        graph_of(interpreter).reach_unknown(made, unknown)
        return unknown
    try:
        own, outputs = made.extra.tensors()
        given_tensors = tensors_in(list(values.values))
    except NotSaid as reason:
        return Unfollowed(str(reason), given.place)
    scope = scope_of(interpreter, made, made.extra.name)
    found = copied(interpreter, outputs, dict(zip(own, given_tensors, strict=False)), scope)
    return found if isinstance(found, Unfollowed) else arranged(made.extra.outputs, found)


def arranged(form: object, found: list[GraphTensor]) -> object:
    """Tensors in the arrangement of a model's outputs."""
    if isinstance(form, GraphTensor):
        return found[0]
    if isinstance(form, dict):
        values = dict(zip(keras_order(form), found, strict=False))
        return {key: values[key] for key in form if key in values}
    return list(found)


def _property(word: str) -> Wrapped:
    """`model.input`, `model.outputs`."""

    def value(interpreter: Interpreter, given: CallGiven) -> object:
        made = given.values[0]
        assert isinstance(made, PyInstance)
        if isinstance(made.extra, FunctionalModel) and made.extra.unknown and not word.startswith("input"):
            return made.extra.unknown
        if word == "layers" and isinstance(made.extra, SequentialModel | FunctionalModel):
            return sublayers(made)
        if isinstance(made.extra, SequentialModel):
            return _whole(interpreter, made, word, given)
        if not isinstance(made.extra, FunctionalModel) or word == "layers":
            return Unfollowed(f"{word} of a model", given.place)
        found = made.extra.inputs if word.startswith("input") else made.extra.outputs
        return found if not word.endswith("s") or isinstance(found, list) else [found]

    return Wrapped("property", NativeFunction(word, value))


def _whole(interpreter: Interpreter, made: PyInstance, word: str, given: CallGiven) -> object:
    """A Sequential with a known input as a functional model, for `model.input` and `model.output`."""
    model = made.extra
    assert isinstance(model, SequentialModel)
    if model.shape is None:
        return Unfollowed(f"{word} of a Sequential without an input", given.place)
    value = made_input(interpreter, model.shape, f"{model.name}_input", given)
    if isinstance(value, Unfollowed):
        return value
    result = call_sequential(interpreter, CallGiven([made, value], {}, given.place))
    if isinstance(result, Unfollowed):
        return result
    made.attributes.update(input=value, output=result, inputs=[value], outputs=[result])
    return made.attributes[word]


def _build(interpreter: Interpreter, given: CallGiven) -> object:
    """`model.build(input_shape)`: the shape of the input."""
    made, *values = given.values
    shape = values[0] if values else given.keywords.get("input_shape")
    if isinstance(made, PyInstance) and isinstance(shape, list | tuple) and shape:
        shapes = list(shape) if isinstance(shape[0], list | tuple) else [shape]
        sizes = [tuple(each[1:]) for each in shapes]
        example_calls.remember(interpreter, made, sizes)
        if isinstance(made.extra, SequentialModel):
            made.extra.shape = made.extra.shape or sizes[0]
    return None


def _nothing(interpreter: Interpreter, given: CallGiven) -> object:
    return None


_METHODS: Mapping[str, object] = MappingProxyType({
    **{name: NativeFunction(name, _nothing) for name in (
        "summary", "compile", "fit_generator", "load_weights", "save_weights", "set_weights", "train_on_batch",
    )},
    "save": NativeFunction("save", save),
    **{name: NativeFunction(name, example_calls.fed) for name in ("fit", "predict", "evaluate", "predict_on_batch")},
    **{word: _property(word) for word in ("input", "output", "inputs", "outputs", "layers")},
    "build": NativeFunction("build", _build), "get_layer": NativeFunction("get_layer", get_layer),
})  # fmt: skip

MODEL: PyClass = native_class(
    "Model", (LAYER,),
    {**_METHODS, "__init__": NativeFunction("__init__", _model_init),
     "__call__": NativeFunction("__call__", as_call(call_model)), "call": NativeFunction(BUILT_IN, _call_built_in)},
    is_model=True,
)  # fmt: skip
MODEL.is_open = True

SEQUENTIAL: PyClass = native_class(
    "Sequential", (MODEL,),
    {
        "__init__": NativeFunction("__init__", _sequential_init), "add": NativeFunction("add", _add),
        "pop": NativeFunction("pop", _pop), "__call__": NativeFunction("__call__", as_call(_call_own_sequential)),
        "call": NativeFunction(BUILT_IN, call_sequential),
    },
)  # fmt: skip
