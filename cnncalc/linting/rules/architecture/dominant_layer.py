"""The rule N110, `dominant_layer`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.number_text import whole_percent

_TABLES = ("embedding", "embedding_bag")
"""Types that have many parameters by design."""


class DominantLayer(NetworkRule):
    """One layer holds nearly all parameters.

    Among several layers with weights, one has many times the parameters of all others together. Not reported for
    embeddings, whose parameters are a lookup table, or for small networks.
    """

    code = "N110"
    name = "dominant_layer"
    needs_whole_model = True
    message = "{layer}: holds {params:,} of {total:,} parameters ({share})"
    bad = "64x64x3 -> conv 8 3x3 relu -> conv 8 3x3 relu -> conv 8 1x1 relu -> conv 4 60x60 relu -> conv 4096 1x1 relu \
-> conv 4096 1x1"
    good = "64x64x3 -> conv 8 3x3 relu -> conv 8 3x3 relu -> conv 8 1x1 relu -> conv 64 60x60 relu -> conv 4096 1x1"
    reason = "The network's capacity is concentrated in one layer, usually because its input was not reduced enough."
    sources = ("Canziani, Paszke & Culurciello, An analysis of deep neural network models, arXiv 1605.07678",)
    options = (
        Option("share", 0.9, "The minimum fraction of all parameters for a layer to be reported."),
        Option("params", 5_000_000, "The minimum number of parameters for a layer to be reported."),
    )

    def check_network(self, network: Network) -> Iterator[Finding]:
        total = network.report.totals.params
        least = max(self.option("params"), self.option("share") * total)
        for (_, node), layer in zip(network.layers, network.report.layers, strict=True):
            params = layer.params
            if least <= params < total and layer.type not in _TABLES:
                hint, share = "reduce its inputs or outputs, or pool before it", whole_percent(params / total)
                yield self.finding(node.span, layer=layer.name, params=params, total=total, share=share, hint=hint)
