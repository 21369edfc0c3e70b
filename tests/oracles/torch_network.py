"""A whole spec in PyTorch: every node as PyTorch's own operation, with the weights that `verify` would draw.

For image classifiers in CHW, such as ResNet, EfficientNet and ConvNeXt, and for LSTMs of one direction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from cnncalc.forward.run import random_inputs
from cnncalc.forward.weights import random_weights
from cnncalc.graph.model import Graph
from cnncalc.layers.base import Layer

Tensors = dict[str, torch.Tensor]


def as_torch(kernel: np.ndarray, layer: Layer) -> np.ndarray:
    """A weight in PyTorch's order: outputs first."""
    if kernel.ndim < 2:
        return kernel
    if layer.type == "depthwise_conv":
        kernel = kernel.reshape(*kernel.shape[:-2], 1, -1)
    return np.ascontiguousarray(np.moveaxis(kernel, (-1, -2), (0, 1)))


def conv(layer: Any, x: torch.Tensor, w: Tensors) -> torch.Tensor:
    return functional.conv2d(x, w["kernel"], w.get("bias"), layer.stride, layer.padding, layer.dilation, layer.groups)


def depthwise_conv(layer: Any, x: torch.Tensor, w: Tensors) -> torch.Tensor:
    return functional.conv2d(x, w["kernel"], w.get("bias"), layer.stride, layer.padding, layer.dilation, x.shape[1])


def batch_norm(layer: Any, x: torch.Tensor, w: Tensors) -> torch.Tensor:
    return functional.batch_norm(x, w["mean"], w["variance"], w["scale"], w["shift"], eps=layer.added())


def layer_norm(layer: Any, x: torch.Tensor, w: Tensors) -> torch.Tensor:
    """Over one axis, which PyTorch needs last."""
    (place,) = layer.places(tuple(x.shape[1:]))
    last = x.movedim(1 + place, -1)
    y = functional.layer_norm(last, last.shape[-1:], w["scale"], w["shift"], layer.added())
    return y.movedim(-1, 1 + place)


def layer_scale(layer: Any, x: torch.Tensor, w: Tensors) -> torch.Tensor:
    return x * w["scale"].reshape(-1, *[1] * (x.ndim - 2 - layer.axis_index(layer.axis, tuple(x.shape[1:]))))


def lstm(layer: Any, x: torch.Tensor, w: Tensors) -> torch.Tensor:
    """Gates are in the same order; `as_torch` has put the outputs first."""
    names = ("kernel", "recurrent", "bias", "recurrent_bias")
    parameters = [w[name + cell.suffix] for cell in layer.cells(x.shape[-1]) for name in names]
    state = x.new_zeros(layer.layers, len(x), layer.units)
    y = torch.lstm(x, (state, state), parameters, True, layer.layers, 0.0, False, False, True)[0]
    return y if layer.sequences() else y[:, -1]


OPERATIONS: dict[str, Callable[..., torch.Tensor]] = {
    "conv": conv,
    "depthwise_conv": depthwise_conv,
    "batch_norm": batch_norm,
    "dense": lambda layer, x, w: functional.linear(x, w["kernel"], w.get("bias")),
    "max_pool": lambda layer, x, w: functional.max_pool2d(x, layer.kernel, layer.stride, layer.padding),
    "avg_pool": lambda layer, x, w: functional.avg_pool2d(x, layer.kernel, layer.stride, layer.padding),
    "adaptive_avg_pool": lambda layer, x, w: functional.adaptive_avg_pool2d(x, layer.size),
    "global_avg_pool": lambda layer, x, w: functional.adaptive_avg_pool2d(x, 1),
    "flatten": lambda layer, x, w: x.flatten(1),
    "dropout": lambda layer, x, w: x,
    "relu": lambda layer, x, w: functional.relu(x),
    "relu6": lambda layer, x, w: functional.relu6(x),
    "swish": lambda layer, x, w: functional.silu(x),
    "sigmoid": lambda layer, x, w: torch.sigmoid(x),
    "gelu": lambda layer, x, w: functional.gelu(x),
    "permute": lambda layer, x, w: x.permute(0, *(1 + axis for axis in layer.order_of(tuple(x.shape[1:])))),
    "stochastic_depth": lambda layer, x, w: x,
    "layer_norm": layer_norm,
    "layer_scale": layer_scale,
    "lstm": lstm,
}

MERGES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {"add": torch.add, "multiply": torch.mul}


class Network:
    """A graph with its weights as tensors, ready to run."""

    def __init__(self, graph: Graph, *, seed: int = 0, batch: int = 1) -> None:
        self.graph = graph
        self.inputs = {index: torch.from_numpy(x) for index, x in random_inputs(graph, seed=seed, batch=batch).items()}
        self.weights = {
            index: {
                name: torch.from_numpy(as_torch(array, node.layer))
                for name, array in random_weights(graph, index, seed).items()
            }
            for index, node in enumerate(graph.nodes)
            if node.layer is not None
        }
        self.last_use = {source: index for index, node in enumerate(graph.nodes) for source in node.inputs}

    @torch.inference_mode()
    def run(self) -> torch.Tensor:
        """The last layer's output; a tensor is freed after its last use."""
        tensors = dict(self.inputs)
        for index, node in enumerate(self.graph.nodes):
            if node.layer is None:
                continue
            given = [tensors[source] for source in node.inputs]
            if node.layer.type in MERGES:
                found = MERGES[node.layer.type](*given)
            else:
                found = OPERATIONS[node.layer.type](node.layer, given[0], self.weights[index])
            if node.activation is not None:
                found = OPERATIONS[node.activation.type](node.activation, found, {})
            tensors[index] = found
            del given
            for source in node.inputs:
                if self.last_use[source] == index:
                    tensors.pop(source, None)
        return found
