"""Arrays and sizes of a called layer of Keras: `dense.kernel`, `dense.weights[0]`, `dense.input_shape`."""

from __future__ import annotations

from cnncalc.importing.python.keras.configuration import KerasSetup
from cnncalc.importing.python.keras.graph import GraphTensor
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import TapeArray
from cnncalc.importing.tensors.tied import KERAS_LAYER
from cnncalc.source.values import PyInstance


def owner_of(layer: PyInstance, piece: int = 0) -> str:
    """The name under which a tape knows the arrays of a layer's piece."""
    return f"{KERAS_LAYER}{id(layer)} {piece}"


def array_of(layer: PyInstance, name: str) -> object | None:
    """An attribute of a layer that has its matrix; None where it is not known."""
    matrix = _matrix(layer)
    if matrix is None:
        return None
    known: dict[str, object] = {("kernel" if _is_dense(layer) else "embeddings"): matrix}
    if _is_dense(layer):
        bias = layer.extra.config.get("use_bias", True) if isinstance(layer.extra, KerasSetup) else True
        rest = [GraphTensor(matrix.dims[1:], array=TapeArray(matrix.dims[1:]))] if bias else []
        known |= {"weights": [matrix, *rest], "trainable_weights": [matrix, *rest]}
    else:
        known |= {"weights": [matrix], "trainable_weights": [matrix]}
    return known.get(name)


def shape_of(layer: PyInstance, name: str) -> tuple[int | None, ...] | None:
    """`layer.input_shape` or `layer.output_shape` of Keras 2, after a call of the layer."""
    tensor = layer.attributes.get(name.partition("_")[0]) if name in ("input_shape", "output_shape") else None
    return tensor.shape if isinstance(tensor, GraphTensor) else None


def _is_dense(layer: PyInstance) -> bool:
    return isinstance(layer.extra, KerasSetup) and layer.extra.class_name == "Dense"


def _matrix(layer: PyInstance) -> GraphTensor | None:
    """The matrix of features × units of a dense layer, or that of an embedding, after a call of the layer."""
    setup, given, made = layer.extra, layer.attributes.get("input"), layer.attributes.get("output")
    if not isinstance(setup, KerasSetup) or not isinstance(given, GraphTensor) or not isinstance(made, GraphTensor):
        return None
    if setup.class_name == "Dense":
        dims = (given.dims[-1], made.dims[-1])
    elif setup.class_name == "Embedding" and isinstance(setup.config.get("input_dim"), int):
        dims = (setup.config["input_dim"], made.dims[-1])
    else:
        return None
    return GraphTensor(dims, array=TapeArray(dims, owner_of(layer), learned=True))


def owned_by(tape: Tape, layer: PyInstance) -> bool:
    """Whether a layer has been called on a tape."""
    return owner_of(layer) in tape.owners
