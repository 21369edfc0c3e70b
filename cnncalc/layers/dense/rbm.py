from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.elementwise import sigmoid
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape
from cnncalc.layers.keeping import Keeps


class Rbm(Layer):
    """Restricted Boltzmann machine: the probability that each hidden unit is on, given the visible units.

    The visible units are the whole input. Their biases are learned and counted, but the pass from visible to hidden
    units does not use them. FLOPs: two per multiply–accumulate, and two per hidden unit for its bias and the sigmoid.
    """

    type = "rbm"
    aliases = ("RestrictedBoltzmannMachine", "BernoulliRBM")
    family = "dense"
    rule = (
        "rbm: each hidden unit is 1 with probability sigmoid(visible·kernel + bias)\n"
        "visible·hidden + visible + hidden parameters"
    )
    sources = (
        "Hinton, A Practical Guide to Training Restricted Boltzmann Machines, 2010",
        "scikit-learn, sklearn.neural_network.BernoulliRBM",
    )
    examples = ("784 -> rbm 500", "784 -> rbm hidden=500 visible=784 -> rbm 250")

    hidden = declare.count(
        "number of hidden units", positional=True, symbol="h", aliases=("n_components", "hidden_units", "n_hidden")
    )
    visible = declare.count(
        "number of visible units, checked against the input", default=None, default_text="the input's size",
        aliases=("visible_units", "n_visible"),
    )  # fmt: skip
    keeps = Keeps("trained", output=True)

    def shape(self, x: Shape) -> Shape:
        if self.visible is not None and prod(x) != self.visible:
            raise Refusal(
                f"{int(self.visible)} visible units, but the input {show_shape(x)} has {int(prod(x))} elements",
                hint=f"give visible: {int(prod(x))}, or remove it",
                field="visible",
                code="E308",
            )
        return (self.hidden,)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (prod(x), self.hidden))
        yield Weight("visible_bias", (prod(x),))
        yield Weight("hidden_bias", (self.hidden,))

    def macs(self, x: Shape, y: Shape) -> int:
        return prod(x) * self.hidden

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * self.hidden

    def windows(self, x: Shape) -> Sight:
        return "whole" if len(x) > 1 else "pointwise"

    def forward(
        self, np: ModuleType, x: Array, *, kernel: Array, visible_bias: Array, hidden_bias: Array
    ) -> Array:  # fmt: skip
        return sigmoid(np, x.reshape(len(x), -1) @ kernel + hidden_bias)
