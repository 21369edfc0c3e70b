"""The rule A110, `nothing_to_slide_over`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.rules.arithmetic._sliding import along, axes_of, sliding

_GLOBAL = ("global_avg_pool", "global_max_pool", "global_lp_pool")


class NothingToSlideOver(NetworkRule):
    """A pool or convolution slides along an axis with a single position.

    All kernel taps but one see only padding, for every sample, so their weights are never trained. A global pool over
    one position returns it unchanged.
    """

    code = "A110"
    name = "nothing_to_slide_over"
    message = "{layer}: {what}"
    bad = "1x1x64 -> conv 32 3x3 p1"
    good = "1x1x64 -> conv 32 1x1"
    reason = "The network has reduced its input to a single position before this layer, probably too early."
    sources = ("Richter et al., Should you go deeper? Optimizing CNN architectures without training, arXiv 2106.12307",)

    def check_network(self, network: Network) -> Iterator[Finding]:
        for _, node in network.layers_of(_GLOBAL):
            sizes = network.spatial(network.inputs(node)[0])
            if set(sizes) == {1}:
                what = f"nothing to pool: the input is already {'x'.join('1' for _ in sizes)}"
                yield self.finding(node.span, layer=node.name, what=what, hint="remove it, or pool less before it")
        for _, node, layer in sliding(network, lambda layer, x: 1 in layer.spatial(x)):
            x = network.inputs(node)[0]
            sizes, kernels = network.spatial(x), layer.kernels(x)
            idle = [(axis, F) for axis, W, F in zip(axes_of(len(sizes)), sizes, kernels, strict=True) if W == 1 < F]
            if idle:
                taps = idle[0][1]
                verb = "is" if len(idle) == 1 else "are"
                what = f"the input's {along(axis for axis, _ in idle)} {verb} already 1, so {taps - 1} of {taps} taps \
see only padding"
                hint = "use a kernel of size 1 there, or reduce the input less before it"
                yield self.finding(node.span, layer=node.name, what=what, hint=hint)
