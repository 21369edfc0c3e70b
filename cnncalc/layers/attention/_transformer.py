"""The base of PyTorch's transformer layers: residual sublayers, each with a layer normalization."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from types import ModuleType
from typing import Any, ClassVar, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.activation.gelu import Gelu
from cnncalc.layers.activation.relu import Relu
from cnncalc.layers.attention._heads import projection_outputs
from cnncalc.layers.attention.multi_head_attention import MultiHeadAttention
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.normalization.layer_norm import LayerNorm

_ACTIVATIONS: Mapping[str, type[Layer]] = {"relu": Relu, "gelu": Gelu}
_HIDDEN_ARRAYS: Mapping[str, int] = {"relu": 1, "gelu": 2}
"""The number of hidden arrays that are kept: relu's output is the input of the second dense layer."""


class Sublayer(NamedTuple):
    """One sublayer: the prefix of its weights, and its attention, or None for the two dense layers.

    With `reads_memory`, keys and values come from the second input.
    """

    name: str
    attention: MultiHeadAttention | None
    reads_memory: bool = False


class TransformerStack(Layer):
    """A stack of equal layers. Each sublayer's output is added to its input, and the sum or the input is normalized."""

    family = "attention"
    states: ClassVar[dict[str, str]] = {"d_model": "features"}
    without_effect: ClassVar[tuple[str, ...]] = (
        "dropout",
        "layer_norm_eps",
        "batch_first",
        "enable_nested_tensor",
        "mask_check",
    )
    activation_field = "function"
    sources = (
        "Vaswani et al., Attention Is All You Need, arXiv 1706.03762",
        "PyTorch, torch.nn.TransformerEncoderLayer and TransformerDecoderLayer",
    )

    heads = declare.count("number of heads", positional=True, symbol="h", aliases=("nhead", "num_heads"))
    hidden = declare.count(
        "number of units of the first of the two dense layers", default=2048, symbol="u",
        aliases=("dim_feedforward", "mlp_dim", "intermediate_dim"),
    )  # fmt: skip
    depth = declare.count("number of stacked layers", default=1, symbol="N", aliases=("num_layers", "layers"))
    function = declare.choice("activation between the two dense layers", tuple(_ACTIVATIONS), default="relu")
    norm_first = declare.flag(
        "whether a sublayer's input is normalized instead of its residual sum", default=False,
        aliases=("normalize_first",),
    )  # fmt: skip
    bias = declare.flag("whether projections and normalizations add biases", default=True, aliases=("use_bias",))
    final_norm = declare.flag("whether the stack ends with one more normalization", default=False, aliases=("norm",))

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def sublayers(self) -> tuple[Sublayer, ...]:
        """The sublayers of one layer, in order."""
        raise NotImplementedError

    def attention(self, **fields: Any) -> MultiHeadAttention:
        return MultiHeadAttention(self.setting, heads=self.heads, bias=self.bias, **fields)

    def _norm(self) -> LayerNorm:
        return LayerNorm(self.setting, shift=self.bias)

    def shape(self, *inputs: Shape) -> Shape:
        for shape in inputs:
            if len(shape) != 2 or shape[-1] != inputs[0][-1]:
                raise Refusal(
                    f"{self.type} needs sequences of positions × features with equal numbers of features, "
                    f"got {' and '.join(map(show_shape, inputs))}",
                    hint="reshape to positions × features, or project with dense",
                    code="E303",
                )
        for step in self.sublayers():
            if step.attention:
                step.attention.shape(*_roles(step, inputs))
        return inputs[0]

    def stacked(self) -> int:
        return self.depth

    def weights(self, *shapes: Shape) -> Iterator[Weight]:
        inputs = shapes[:-1]
        for number in range(self.depth):
            for step in self.sublayers():
                for weight in (*self._own(step, inputs), *self._norm().weights(inputs[0], inputs[0])):
                    part = "norm_" if weight.name in ("scale", "shift") else ""
                    yield weight._replace(name=f"{step.name}_{part}{weight.name}_{number}")
        if self.final_norm:
            for weight in self._norm().weights(inputs[0], inputs[0]):
                yield weight._replace(name=f"final_norm_{weight.name}")

    def _own(self, step: Sublayer, inputs: tuple[Shape, ...]) -> Iterator[Weight]:
        """The weights of one sublayer, without its normalization's."""
        if step.attention:
            roles = _roles(step, inputs)
            yield from step.attention.weights(*roles, inputs[0])
            return
        positions, features = inputs[0]
        for name, taken, given in (("hidden", features, self.hidden), ("output", self.hidden, features)):
            yield Weight(f"{name}_kernel", (taken, given), positions=(positions,))
            if self.bias:
                yield Weight(f"{name}_bias", (given,), positions=(positions,))

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        return projection_outputs(weight)

    def macs(self, *shapes: Shape) -> int:
        inputs, total = shapes[:-1], 0
        for step in self.sublayers():
            if step.attention:
                total += step.attention.macs(*_roles(step, inputs), inputs[0])
            else:
                total += 2 * prod(inputs[0]) * self.hidden
        return self.depth * total

    def elementwise(self, *shapes: Shape) -> int:
        x, total = shapes[0], 0
        for step in self.sublayers():
            total += prod(x) + self._norm().elementwise(x, x)
            if step.attention:
                total += step.attention.elementwise(*_roles(step, shapes[:-1]), x)
            else:
                total += x[0] * self.hidden + (x[0] * (self.hidden + x[1]) if self.bias else 0)
        return self.depth * total + (self._norm().elementwise(x, x) if self.final_norm else 0)

    def kept(self, *shapes: Shape) -> Keeps:
        """The inputs of the normalizations and of the dense layers, and what attention keeps."""
        x = shapes[0]
        norms = int(self.depth) * len(self.sublayers()) + self.final_norm
        found = [KeptArray("sums", (norms - self.norm_first) * prod(x))]
        found += self._norm().kept(x, x).arrays * norms
        for step in self.sublayers() * int(self.depth):
            if step.attention:
                roles = _roles(step, shapes[:-1])
                found.append(KeptArray("attention inputs", sum(map(prod, roles))))
                found += step.attention.kept(*roles, x).arrays
            else:
                hidden = x[0] * self.hidden
                found += (KeptArray("normalized", prod(x)), KeptArray("hidden", hidden * _HIDDEN_ARRAYS[self.function]))
        return Keeps((0,) if self.norm_first else "", arrays=tuple(found))

    def windows(self, *inputs: Shape) -> Sight:
        return "whole"

    def forward(self, np: ModuleType, x: Array, *memory: Array, **weights: Any) -> Array:
        for number in range(self.depth):
            for step in self.sublayers():
                own = _taken(weights, f"{step.name}_", f"_{number}")
                norm = {name: own.pop(f"norm_{name}") for name in ("scale", "shift") if f"norm_{name}" in own}
                given = self._norm().forward(np, x, **norm) if self.norm_first else x
                x = x + self._step(np, step, given, memory, own)
                x = x if self.norm_first else self._norm().forward(np, x, **norm)
        return self._norm().forward(np, x, **_taken(weights, "final_norm_", "")) if self.final_norm else x

    def _step(
        self, np: ModuleType, step: Sublayer, x: Array, memory: tuple[Array, ...], weights: dict[str, Array]
    ) -> Array:
        if step.attention:
            return step.attention.forward(np, *([x, memory[0]] if step.reads_memory else [x]), **weights)
        hidden = x @ weights["hidden_kernel"] + weights.get("hidden_bias", 0)
        hidden = _ACTIVATIONS[self.function](self.setting).forward(np, hidden)
        y: Array = hidden @ weights["output_kernel"] + weights.get("output_bias", 0)
        return y


def _roles(step: Sublayer, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
    return inputs if step.reads_memory else inputs[:1]


def _taken(weights: dict[str, Array], before: str, behind: str) -> dict[str, Array]:
    """The weights with this prefix and suffix, keyed by the part of the name between them."""
    return {
        name[len(before) : len(name) - len(behind)]: array
        for name, array in weights.items()
        if name.startswith(before) and name.endswith(behind)
    }
