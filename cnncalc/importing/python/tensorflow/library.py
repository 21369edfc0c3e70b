"""The names of TensorFlow and Keras that have a meaning here, by their dotted paths."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from cnncalc.importing.python.keras import pictures
from cnncalc.importing.python.keras.function_calls import native
from cnncalc.importing.python.keras.library import ARRAYS, KERAS_PREFIXES, NUMPY, keras_names
from cnncalc.importing.python.keras.named_functions import functions, image_resize
from cnncalc.importing.python.tensorflow.graphs import LAYERS, get_variable, layer_call, placeholder
from cnncalc.importing.python.tensorflow.nn import FUNCTIONS, KERAS_FUNCTIONS
from cnncalc.importing.python.tensorflow.scopes import current_scope, variable_scope
from cnncalc.source.library.standard import STANDARD
from cnncalc.source.values import NativeFunction

_TENSORFLOW = ("tensorflow", "tensorflow.compat.v1", "tensorflow.compat.v2")


@cache
def library() -> Mapping[str, object]:
    """Python's own library, Keras's and TensorFlow's."""
    found: dict[str, object] = {**STANDARD, **keras_names()}
    for prefix in _TENSORFLOW:
        found |= _tensorflow(prefix)
    for prefix in KERAS_PREFIXES:
        for module in ("ops", "backend", "ops.nn"):
            found |= {f"{prefix}.{module}.{name}": native(name, row) for name, row in KERAS_FUNCTIONS.items()}
    found |= {f"numpy.{name}": value for name, value in NUMPY.items()}
    return MappingProxyType(found)


def _tensorflow(prefix: str) -> dict[str, object]:
    """The names of TensorFlow itself."""
    found: dict[str, object] = {}
    for module in ("", "math.", "nn.", "linalg."):
        found |= {f"{prefix}.{module}{name}": value for name, value in functions().items()}
    found |= {f"{prefix}.nn.{name}": native(name, row) for name, row in FUNCTIONS.items()}
    found |= {f"{prefix}.image.{name}": native(name, row) for name, row in pictures.IMAGES.items()}
    found |= {f"{prefix}.{name}": value for name, value in ARRAYS.items()}
    found[f"{prefix}.get_variable"] = NativeFunction("get_variable", get_variable)
    found[f"{prefix}.get_variable_scope"] = NativeFunction("get_variable_scope", current_scope)
    found[f"{prefix}.variable_scope"] = NativeFunction("variable_scope", variable_scope)
    found[f"{prefix}.placeholder"] = NativeFunction("placeholder", placeholder)
    for name in ("list_physical_devices", "experimental.list_physical_devices", "list_logical_devices"):
        found[f"{prefix}.config.{name}"] = NativeFunction("list_physical_devices", lambda _, given: [])
    found |= {f"{prefix}.layers.{name}": layer_call(name) for name in LAYERS}
    for name in ("resize", "resize_images", "resize_bilinear", "resize_nearest_neighbor"):
        found[f"{prefix}.image.{name}"] = NativeFunction("resize", image_resize)
    return found
