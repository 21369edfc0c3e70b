"""Models of Keras and TensorFlow in foreign programs, with the figures that Keras and TensorFlow's graphs give."""

from __future__ import annotations

import inspect
import math
import os
import re
import types
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["MPLBACKEND"] = "Agg"

import keras
import numpy as np
import tensorflow as tf
from keras.layers import Layer

from tests.oracles.zoo.figures import Figures, Shape
from tests.oracles.zoo.programs import NAME, OutOfTimeError, limited
from tests.oracles.zoo.stand_ins import Missing, nothing, refuse

INSTALLED = ("tensorflow", "keras", "jax", "numpy", "torch", "onnx", "absl", "google", "h5py")
APIS = (keras, tf.keras)
IMAGES = {"mnist": (28, 28), "fashion_mnist": (28, 28), "cifar10": (32, 32, 3), "cifar100": (32, 32, 3)}
WORDS = {"imdb": 2, "reuters": 46}
OLD_NAMES = {"Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Deconvolution2D": "Conv2DTranspose"}
called: dict[int, tuple[Any, list[Shape], list[Shape]]] = {}
"""The models that the program calls, with the sizes of inputs and outputs of the first call."""


class History:
    def __init__(self) -> None:
        self.history: dict[str, list[float]] = defaultdict(lambda: [0.5, 0.4, 0.3])
        self.epoch = [0, 1, 2]


def finder() -> Missing:
    return Missing(INSTALLED, _moved)


def _moved(name: str) -> Any:
    """The module that an old path such as `tensorflow.python.keras.layers.core` names today."""
    found = re.match(r"(?:tensorflow\.)?(?:python\.)?keras\.(layers|utils|engine|models|preprocessing)\b", name)
    if not found:
        return None
    if found[1] == "engine":
        return types.SimpleNamespace(Layer=Layer, Model=keras.Model, InputSpec=keras.InputSpec, Input=keras.Input)
    return getattr(keras, found[1])


def prepare() -> None:
    """Replace data sets, weights, training and files."""
    for api in APIS:
        for name in ("mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "reuters", "boston_housing"):
            getattr(api.datasets, name).load_data = _data(name)
        api.datasets.california_housing.load_data = _data("boston_housing")
        api.utils.get_file = refuse
        api.utils.plot_model = nothing
        for old, new in OLD_NAMES.items():
            setattr(api.layers, old, getattr(api.layers, new))
        _without_weights(api.applications)
    keras.Model.fit = keras.Model.fit_generator = _fit
    keras.Model.evaluate = lambda *_, **__: [0.1, 0.2]
    keras.Model.predict = _predict
    for name in ("save", "save_weights", "load_weights"):
        setattr(keras.Model, name, nothing)
    keras.optimizers.legacy = keras.optimizers
    keras.optimizers.Optimizer.__init__ = _without_old_words(keras.optimizers.Optimizer.__init__)
    keras.layers.AveragePooling2D.__init__ = _of_two(keras.layers.AveragePooling2D.__init__)
    keras.Model.__call__ = _noted(keras.Model.__call__)
    Layer.__setattr__ = _propagating(Layer.__setattr__)


def _without_old_words(make: Any) -> Any:
    """A constructor of optimizers that also takes the words of Keras 2 for the learning rate."""

    def run(self: Any, *values: Any, lr: Any = None, decay: Any = None, **words: Any) -> None:
        make(self, *values, **words)

    return run


def _of_two(make: Any) -> Any:
    """A constructor of pooling with the size that Keras 2 supplies."""

    def run(self: Any, pool_size: Any = (2, 2), *values: Any, **words: Any) -> None:
        make(self, pool_size, *values, **words)

    return run


def _propagating(set_attribute: Any) -> Any:
    """Set `trainable` of all layers inside; TensorFlow's tracking leaves it out if the layer's own does not change."""

    def run(layer: Any, name: str, value: Any) -> None:
        if name == "trainable" and hasattr(layer, "_layers"):
            Layer.trainable.fset(layer, value)
        else:
            set_attribute(layer, name, value)

    return run


def _data(name: str) -> Any:
    def images(*_: Any, **__: Any) -> Any:
        labels = (1,) if name.startswith("cifar") else ()
        count = 50_000 if name.startswith("cifar") else 60_000
        return tuple(
            (np.zeros((size, *IMAGES[name]), np.uint8), (np.arange(size) % 10).astype(np.uint8).reshape(size, *labels))
            for size in (count, 10_000)
        )

    def words(*_: Any, num_words: int | None = 10_000, maxlen: int | None = None, **__: Any) -> Any:
        known = min(num_words or 10_000, 10_000)
        texts = np.empty(64, object)
        texts[:] = [list(np.random.default_rng(each).integers(1, known, 20 + each)) for each in range(64)]
        texts[0][0] = known - 1
        return (texts, np.arange(64) % WORDS[name]), (texts, np.arange(64) % WORDS[name])

    def houses(*_: Any, **__: Any) -> Any:
        width = 13 if name == "boston_housing" else 8
        return (np.zeros((404, width)), np.zeros(404)), (np.zeros((102, width)), np.zeros(102))

    return images if name in IMAGES else words if name in WORDS else houses


def _without_weights(applications: Any) -> None:
    modules = [each for each in vars(applications).values() if isinstance(each, types.ModuleType)]
    for module in [applications, *modules]:
        for name, function in list(vars(module).items()):
            if name[0].isupper() and callable(function) and "weights" in inspect.signature(function).parameters:
                setattr(module, name, _weightless(function))


def _weightless(function: Any) -> Any:
    signature = inspect.signature(function)

    def made(*values: Any, **words: Any) -> Any:
        bound = signature.bind(*values, **words)
        bound.arguments["weights"] = None
        return function(*bound.args, **bound.kwargs)

    return made


def _fit(self: Any, x: Any = None, *_: Any, **__: Any) -> History:
    """Call the model once on data of the same sizes."""
    try:
        if isinstance(x, np.ndarray):
            self(x[:1])
        elif isinstance(x, list | tuple):
            self([np.asarray(each)[:1] for each in x])
        elif isinstance(x, tf.data.Dataset):
            spec = x.element_spec[0] if isinstance(x.element_spec, tuple) else x.element_spec
            self(tf.zeros([size or 1 for size in spec.shape], spec.dtype))
    except Exception:
        pass
    return History()


def _predict(self: Any, x: Any = None, *_: Any, **__: Any) -> Any:
    count = len(x) if hasattr(x, "__len__") else 1
    if not self.built:
        _fit(self, x)
    found = [np.zeros([count, *(size or 1 for size in each.shape[1:])]) for each in self.outputs]
    return found if len(found) > 1 else found[0]


def _noted(call: Any) -> Any:
    depth = 0

    def noted(model: Any, *values: Any, **words: Any) -> Any:
        nonlocal depth
        depth += 1
        try:
            result = call(model, *values, **words)
        finally:
            depth -= 1
        if depth == 0 and len(values) == 1:
            called.setdefault(id(model), (model, _shapes(values[0]), _shapes(result)))
        return result

    return noted


def _shapes(value: Any) -> list[Shape]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [shape for each in value for shape in _shapes(each)]
    return [list(value.shape)[1:]] if hasattr(value, "shape") else []


def models(names: dict[str, Any]) -> dict[str, Any]:
    """The models of variables, and those that objects of the program's own classes hold."""
    found: dict[str, Any] = {}
    for name, value in list(names.items()):
        if name.startswith("__"):
            continue
        if isinstance(value, keras.Model):
            found[name] = value
        elif type(value).__module__ == NAME:
            held = list(getattr(value, "__dict__", {}).items())
            found.update({f"{name}.{key}": each for key, each in held if isinstance(each, keras.Model)})
    return found


def made(names: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The models that functions of the program return without arguments, and that its objects made so hold."""
    for name, value in list(names.items()):
        if getattr(value, "__module__", None) != NAME or isinstance(value, keras.Model):
            continue
        try:
            if any(each.default is each.empty for each in inspect.signature(value).parameters.values()):
                continue
            if isinstance(value, types.FunctionType) and {"Model", "Sequential"} & set(value.__code__.co_names):
                with limited(20):
                    yield name, value()
            elif isinstance(value, type) and not issubclass(value, Layer):
                with limited(20):
                    yield from ((f"{name}().{key}", each) for key, each in vars(value()).items())
        except (Exception, OutOfTimeError):
            continue


def figures(model: Any) -> Figures | None:
    """The figures of a model that is built; of a model without known inputs those of its first call."""
    if not isinstance(model, keras.Model) or not model.built:
        return None
    own = _own_variables(model)
    params = model.count_params() + own
    trainable = sum(math.prod(each.shape) for each in model.trainable_variables) + own
    if getattr(model, "inputs", None):
        inputs: dict[str, Shape] = {re.sub(":.*", "", each.name): list(each.shape[1:]) for each in model.inputs}
        outputs = [list(each.shape[1:]) for each in model.outputs]
        return Figures(params, trainable, inputs, outputs, _macs(model), list(_layers(model)))
    if id(model) not in called:
        return None
    _, given, outputs = called[id(model)]
    return Figures(params, trainable, {str(at): each for at, each in enumerate(given)}, outputs, None, [])


def _own_variables(model: Any) -> int:
    """The numbers in TensorFlow's variables of layers, which Keras 2 counts and Keras 3 does not."""
    held = [each for layer in model._flatten_layers() for each in vars(layer).values()]
    return sum(math.prod(each.shape) for each in held if isinstance(each, tf.Variable))


def _layers(model: Any) -> Iterator[tuple[int, Shape]]:
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
            continue
        if type(layer).__module__ == NAME and layer._flatten_layers(include_self=False):
            continue  # the report lists the layers inside
        try:
            yield layer.count_params(), list(layer.output.shape[1:])
        except (AttributeError, ValueError):  # a layer of several calls has no single output
            continue


def _macs(model: Any) -> int | None:
    """The products in the graph of one sample, if the graph has no loop and no calls."""
    sizes = [tf.TensorSpec([1, *each.shape[1:]], each.dtype) for each in model.inputs]
    struct = getattr(model, "_inputs_struct", None)
    given = dict(zip(struct, sizes, strict=True)) if isinstance(struct, dict) else sizes if len(sizes) > 1 else sizes[0]
    try:
        graph = tf.function(lambda x: model(x, training=False)).get_concrete_function(given).graph
        return sum(_products(operation) for operation in graph.get_operations())
    except Exception:
        return None


def _products(operation: Any) -> int:
    kind = operation.type
    if re.search("While|PartitionedCall|^(Stateless)?If$|RNN|SpaceToBatch", kind):
        raise ValueError(kind)
    sizes = [each.shape.as_list() for each in operation.inputs]
    if kind == "MatMul":
        inner = sizes[0][0 if operation.get_attr("transpose_a") else 1]
    elif kind.startswith("BatchMatMul"):
        inner = sizes[0][-2 if operation.get_attr("adj_x") else -1]
    elif kind == "Einsum":
        letters = zip(operation.get_attr("equation").decode().partition("->")[0].split(","), sizes, strict=True)
        each = {letter: size for text, shape in letters for letter, size in zip(text, shape, strict=True)}
        return math.prod(each.values()) if len(sizes) > 1 else 0
    elif kind in ("Conv2D", "Conv3D"):
        inner = math.prod(sizes[1][:-1])
    elif kind == "DepthwiseConv2dNative":
        inner = math.prod(sizes[1][:2])
    elif kind in ("Conv2DBackpropInput", "Conv3DBackpropInputV2"):
        return math.prod(sizes[2]) * math.prod(sizes[1][:-1])
    else:
        return 0
    return int(math.prod(operation.outputs[0].shape.as_list()) * inner)
