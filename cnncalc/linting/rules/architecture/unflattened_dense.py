"""The rule N106, `unflattened_dense`."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.number_text import show_shape

_CERTAIN = ("onnx", "caffe", "pytorch")
"""The conventions whose dense layer flattens by itself, and PyTorch, whose images N118 covers."""


class UnflattenedDense(NetworkRule):
    """A dense layer is applied to a volume that was not flattened.

    Keras and TensorFlow apply it to the channels of each position, which keeps height and width; PyTorch applies it to
    the last axis, the width; on paper, it is connected to the whole volume, and to all steps of a sequence. Not
    reported for per-step sequences, single-position volumes, or conventions whose dense layer flattens by itself.
    Under pytorch, N118 reports images instead. Not reported for model files, whose framework is known.
    """

    code = "N106"
    name = "unflattened_dense"
    message = (
        "{layer}: dense applied to the unflattened {what} {shape} gives {output} {here}; "
        "frameworks disagree on the result"
    )
    bad = "convention: keras\ninput: 8x8x4\nlayers:\n  - dense 10\n"
    good = "convention: keras\ninput: 8x8x4\nlayers:\n  - flatten\n  - dense 10\n"
    reason = (
        "The same line describes three networks in three frameworks; one of them has 64 outputs for each of 10 classes."
    )
    sources = ("Keras, keras.layers.Dense, note on inputs of rank above 2", "PyTorch, torch.nn.Linear, Shape")
    about = frozenset({"dense"})
    only_for_specs = True

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        x = network.inputs(node)[0]
        y = network.shape(index)
        is_sequence = len(x) == 2 and len(y) == 1
        if not (len(x) > 2 or is_sequence) or prod(x[:-1]) == 1 or network.convention in _CERTAIN:
            return
        what, per_place = ("sequence", "step") if is_sequence else ("volume", "position")
        meant = f"if you mean one dense layer per {per_place}, use a 1x1 convolution"
        hint = f"add a flatten or a global pool before it; {meant}"
        here = f"under {network.graph.setting.convention.title}"
        yield self.finding(
            node.span, layer=node.name, what=what, shape=show_shape(x), output=show_shape(y), here=here, hint=hint
        )
