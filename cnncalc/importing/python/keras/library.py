"""The names of Keras that have a meaning here, by their dotted paths."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.keras import arrays, channels, pictures, preprocessing
from cnncalc.importing.python.keras.applications import FILES, MODULES, application
from cnncalc.importing.python.keras.array_methods import drawn, one_hot, sized
from cnncalc.importing.python.keras.datasets import DATASETS, largest, loader, unique
from cnncalc.importing.python.keras.example_calls import checkpoint
from cnncalc.importing.python.keras.function_calls import native
from cnncalc.importing.python.keras.keras_1 import merge_function
from cnncalc.importing.python.keras.layers import LAYER, classes
from cnncalc.importing.python.keras.models import MODEL, SEQUENTIAL, input_tensor
from cnncalc.importing.python.keras.named_functions import (
    functions,
    get_activation,
    image_resize,
    layer_function,
)
from cnncalc.importing.python.keras.stored_models import clone_model, load_model
from cnncalc.source.library.builtins import nothing
from cnncalc.source.values import LibraryName, NativeFunction

KERAS_PREFIXES = ("keras", "tensorflow.keras", "tensorflow.python.keras", "tf_keras", "tensorflow.compat.v1.keras")
_OTHERS = (
    "*", "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization", "Equalization", "FlaxLayer",
    "HashedCrossing", "InputSpec", "JaxLayer", "MaxNumBoundingBoxes", "Pipeline",
    "RandomCrop", "TFSMLayer", "TorchModuleWrapper", "Wrapper",
    "DenseFeatures", "ThresholdedReLU", "LocallyConnected1D", "LocallyConnected2D",
    "AbstractRNNCell", "experimental",
)  # fmt: skip
"""Names of `keras.layers` without a meaning here; `*` says that all names are known."""
_MERGES = ("add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate", "dot")
_LAYER_MODULES = (
    "layers", "layers.core", "layers.convolutional", "layers.pooling", "layers.normalization", "layers.merge",
    "layers.recurrent", "layers.embeddings", "layers.noise", "layers.wrappers", "layers.advanced_activations",
    "layers.convolutional_recurrent", "layers.experimental.preprocessing", "src.layers",
)  # fmt: skip
ARRAYS: Mapping[str, NativeFunction] = MappingProxyType({
    **{name: NativeFunction(name, arrays.filled) for name in (
        "zeros", "ones", "truncated_normal", "random_normal", "random_uniform", "random.normal", "random.uniform",
        "random.truncated_normal", "random.stateless_normal", "empty",
    )},
    "eye": NativeFunction("eye", arrays.eye),
    **{name: NativeFunction(name, arrays.like) for name in ("zeros_like", "ones_like")},
    "constant": NativeFunction("constant", arrays.constant), "arange": NativeFunction("arange", arrays.arange),
    "range": NativeFunction("range", arrays.arange), "Variable": NativeFunction("Variable", arrays.variable),
})  # fmt: skip


NUMPY: Mapping[str, object] = MappingProxyType({
    **{name: ARRAYS[name] for name in ("zeros", "ones", "empty", "zeros_like", "ones_like", "arange")},
    **{name: functions()[name] for name in (
        "expand_dims", "reshape", "concatenate", "stack", "transpose", "squeeze", "pad", "tile",
    )},
    **dict.fromkeys(("array", "asarray"), ARRAYS["constant"]),
    "random.rand": NativeFunction("rand", drawn), "random.randn": NativeFunction("randn", drawn),
    "random.random": sized(0), "random.normal": sized(2), "random.uniform": sized(2), "random.randint": sized(2),
    "random.standard_normal": sized(0), "random.random_sample": sized(0),
    "prod": NativeFunction("prod", arrays.product), "unique": NativeFunction("unique", unique),
    **{name: NativeFunction(name, largest) for name in ("max", "amax")},
})  # fmt: skip
"""Functions of NumPy whose arrays have known sizes."""


_FORMATS: Mapping[str, NativeFunction] = MappingProxyType({
    "image_data_format": NativeFunction("image_data_format", channels.get_format),
    "image_dim_ordering": NativeFunction("image_dim_ordering", channels.get_ordering),
    **{name: NativeFunction(name, channels.set_format) for name in ("set_image_data_format", "set_image_dim_ordering")},
})  # fmt: skip


def keras_names() -> dict[str, object]:
    """The names of Keras, under each of the names that it has itself."""
    return {name: value for prefix in KERAS_PREFIXES for name, value in _keras(prefix).items()}


def _keras(prefix: str) -> dict[str, object]:
    """The names of Keras under one of its own names."""
    layers: dict[str, object] = {**classes(), "Layer": LAYER, "Input": NativeFunction("Input", input_tensor)}
    layers["InputLayer"] = NativeFunction("InputLayer", input_tensor)
    kinds = {**classes(), "Concatenate": classes()["Concatenate"]}
    for word in _MERGES:
        layers[word] = layer_function(word, kinds[word.capitalize()])
    layers["merge"] = merge_function(classes())
    found: dict[str, object] = {f"{prefix}.layers.{name}": LibraryName(f"{prefix}.layers.{name}") for name in _OTHERS}
    for module in _LAYER_MODULES:
        found |= {f"{prefix}.{module}.{name}": value for name, value in layers.items()}
    for module in ("", "models.", "engine.", "engine.topology.", "src."):
        found |= {
            f"{prefix}.{module}Model": MODEL, f"{prefix}.{module}Sequential": SEQUENTIAL,
            f"{prefix}.{module}Input": layers["Input"], f"{prefix}.{module}Layer": LAYER,
        }  # fmt: skip
    for module in ("ops", "backend", "activations", "ops.nn", "ops.numpy"):
        found |= {f"{prefix}.{module}.{name}": value for name, value in functions().items()}
        found |= {f"{prefix}.{module}.{name}": value for name, value in ARRAYS.items()}
    for name in ("normal", "uniform", "truncated_normal"):
        found[f"{prefix}.random.{name}"] = ARRAYS["zeros"]
    found[f"{prefix}.backend.variable"] = ARRAYS["Variable"]
    found[f"{prefix}.Variable"] = ARRAYS["Variable"]
    found[f"{prefix}.activations.get"] = NativeFunction("get", get_activation)
    for module in ("backend", "config"):
        found |= {f"{prefix}.{module}.{name}": value for name, value in _FORMATS.items()}
    found[f"{prefix}.backend.clear_session"] = NativeFunction("clear_session", nothing)
    found[f"{prefix}.callbacks.ModelCheckpoint"] = NativeFunction("ModelCheckpoint", checkpoint)
    found[f"{prefix}.models.clone_model"] = NativeFunction("clone_model", clone_model)
    found[f"{prefix}.models.load_model"] = NativeFunction("load_model", load_model)
    found |= {f"{prefix}.applications.{name}": application(name) for name in FILES}
    for module, names in MODULES.items():
        found |= {f"{prefix}.applications.{module}.{name}": application(name) for name in names}
    for module in preprocessing.MODULES:
        found[f"{prefix}.applications.{module}.preprocess_input"] = preprocessing.preprocess_input(module)
    for name in DATASETS:
        found[f"{prefix}.datasets.{name}.load_data"] = loader(name)
    for module in ("utils", "utils.np_utils"):
        found[f"{prefix}.{module}.to_categorical"] = NativeFunction("to_categorical", one_hot)
    found[f"{prefix}.ops.image.resize"] = NativeFunction("resize", image_resize)
    found |= {f"{prefix}.ops.image.{name}": native(name, row) for name, row in pictures.IMAGES_OF_KERAS.items()}
    return found
