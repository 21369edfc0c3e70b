"""The rule N111, `narrow_head`."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.number_text import thousands


class NarrowHead(NetworkRule):
    """The last layer has far more outputs than input features.

    Its scores are a matrix product whose rank is at most the number of features: with 50 features, the scores of a
    thousand classes lie in a 50-dimensional space, whatever the weights. Not reported if there are as many outputs as
    the model has input values or input features (an autoencoder), or as an embedding has words (a language model).
    """

    code = "N111"
    name = "narrow_head"
    needs_whole_model = True
    message = "{layer}: {units:,} outputs are computed from {features:,} features: the rank of the scores is at most \
{features:,}"
    bad = "16x16x3 -> flatten -> dense 50 relu -> dense 1000"
    good = "16x16x3 -> flatten -> dense 500 relu -> dense 1000"
    reason = "The scores of some classes are linear combinations of others, and some classes may never be predicted."
    sources = (
        "Yang, Dai, Salakhutdinov & Cohen, Breaking the softmax bottleneck, arXiv 1711.03953",
        "Grivas, Bogoychev & Lopez, Low-rank softmax can have unargmaxable classes in theory, arXiv 2203.06462",
    )
    options = (Option("ratio", 4, "The largest allowed ratio of outputs to features.", 1),)
    about = frozenset({"dense"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        if not _is_last(network, index):
            return
        features, units = prod(network.inputs(node)[0]), network.shape(index)[-1]
        if network.shape(index) != (units,):
            features = network.inputs(node)[0][-1]
        if units > self.option("ratio") * features and units not in _sizes_of_inputs(network):
            hint = f"give the layer before it at least {thousands(-(-units // int(self.option('ratio'))))} outputs"
            yield self.finding(node.span, layer=node.name, units=units, features=features, hint=hint)


def _sizes_of_inputs(network: Network) -> set[int]:
    """The inputs' numbers of values, their numbers of features, and the vocabulary sizes of the embeddings."""
    from cnncalc.layers.embedding.embedding import Embedding  # for few networks

    shapes = [source.shape or () for source in network.graph.sources]
    words = {node.layer.vocabulary for _, node in network.layers if isinstance(node.layer, Embedding)}
    return {*map(prod, shapes), *(network.channels(shape) for shape in shapes), *words}


def _is_last(network: Network, index: int) -> bool:
    """Whether a layer's output is the model's output, directly or through a softmax."""
    users = network.users(index)
    if not users:
        return index in network.outputs
    return all(network.role(user) in ("softmax", "passing") and _is_last(network, user) for user in users)
