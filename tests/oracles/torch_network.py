"""A whole spec in PyTorch: every node as PyTorch's own operation, with the weights that `verify` would draw.

For image classifiers in CHW: the layer types that AlexNet, VGG, ResNet and MobileNet are made of.
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
    return functional.batch_norm(x, w["mean"], w["variance"], w["scale"], w["shift"], eps=1e-5)


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
}


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
            if node.layer.type == "add":
                found = given[0] + given[1]
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
