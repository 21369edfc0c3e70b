"""The rule A104, `asymmetric_padding`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.rules.arithmetic._sliding import along, axes_of, sliding

_WORDS = ("same", "same_upper", "same_lower")
_AT_HOME = ("keras", "tensorflow")


class AsymmetricPadding(NetworkRule):
    """The padding `same` pads one side more than the other.

    TensorFlow's SAME splits an odd total unevenly and puts the extra position after the input; this always happens
    with an odd kernel and a stride of 2 on an even input. A layer that pads both sides equally gives an output of the
    same size, shifted by a pixel. Not reported for windows that do not overlap, since they start at the first position
    either way, or under the Keras and TensorFlow conventions, which offer no alternative.
    """

    code = "A104"
    name = "asymmetric_padding"
    message = '{layer}: padding "{word}" is asymmetric: {before} before and {after} after, along the {axes}'
    bad = "32x32x3 -> conv 8 3x3 s2 same"
    good = "33x33x3 -> conv 8 3x3 s2 same"
    reason = "Weights trained with one padding give different values with the other, although all shapes agree."
    sources = ("TensorFlow, tf.nn.convolution, notes on padding", "PyTorch, torch.nn.Conv2d, padding")

    def check_network(self, network: Network) -> Iterator[Finding]:
        if network.convention in _AT_HOME:
            return
        for index, node, layer in sliding(network):
            if layer.padding not in _WORDS:
                continue
            windows = network.windows(index)
            uneven = [each for each in windows if each.before != each.after and each.stride < each.extent]
            if uneven:
                axes = [axis for axis, window in zip(axes_of(len(windows)), windows, strict=True) if window in uneven]
                half = uneven[0].extent // 2
                hint = f'"half" pads both sides by {half}; or write the two sides as [{uneven[0].before}, \
{uneven[0].after}]'
                yield self.finding(
                    node.span, layer=node.name, word=layer.padding, before=uneven[0].before, after=uneven[0].after,
                    axes=along(axes), hint=hint,
                )  # fmt: skip
