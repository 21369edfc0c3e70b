"""The `attention` layer type."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.attention._pairwise import PairwiseAttention, sums
from cnncalc.layers.base import Array, Weight


class Attention(PairwiseAttention):
    """Dot-product attention without projections: values, averaged by how well their keys meet the query.

    Its inputs are query, key and value, in this order under every convention; one input is all three, of two the
    second is key and value. The score is q·k (`dot`), q·k/√d (`scaled_dot`), or w·Σ tanh(q + k) (`concat`), with a
    learned scale where asked. FLOPs: two per multiply–accumulate of products and weighing; for `concat` three per
    feature of each score and one for w; per score one for a scale and one for the softmax.
    """

    type = "attention"
    aliases = ("dot_product_attention", "scaled_dot_product_attention", "LuongAttention")
    rule = "attention: softmax(score(Q, K))·V, as many positions as the query, features of the value"
    sources = (
        "Luong et al., Effective Approaches to Attention-based Neural Machine Translation, arXiv 1508.04025",
        "Keras, keras.layers.Attention",
        "PyTorch, torch.nn.functional.scaled_dot_product_attention",
    )
    examples = ("7x12 -> attention", "7x12 -> attention(identity | relu) score=concat scale=true")

    score = declare.choice(
        "how a query and a key are compared", ("dot", "scaled_dot", "concat"), default=None,
        default_text="scaled_dot under pytorch, else dot", aliases=("score_mode",),
    )  # fmt: skip
    scale = declare.flag("whether the score has a learned scale", default=False, aliases=("use_scale",))

    def _score(self) -> str:
        return self.score or ("scaled_dot" if self.setting.convention.name == "pytorch" else "dot")

    def weights(self, *shapes: Shape) -> Iterator[Weight]:
        if self.scale:
            yield Weight("scale", (1,))
        if self._score() == "concat":
            yield Weight("score_weight", (1,))

    def macs(self, *shapes: Shape) -> int:
        products = 0 if self._score() == "concat" else self.pairs(shapes[:-1]) * shapes[0][-1]
        return products + self.weighing(*shapes)

    def elementwise(self, *shapes: Shape) -> int:
        pairs = self.pairs(shapes[:-1])
        if self._score() == "concat":
            per_feature = 4 if self.scale else 3
            return pairs * (per_feature * shapes[0][-1] + 2)
        return pairs * (1 + int(self.scale) + int(self._score() == "scaled_dot"))

    def scores(
        self, np: ModuleType, query: Array, key: Array, *, scale: Array | None = None,
        score_weight: Array | None = None,
    ) -> Array:  # fmt: skip
        factor = 1 if scale is None else scale[0]
        if score_weight is not None:
            return score_weight[0] * np.tanh(factor * sums(query, key)).sum(axis=-1)
        root = query.shape[-1] ** -0.5 if self._score() == "scaled_dot" else 1
        return factor * root * (query @ key.swapaxes(-1, -2))
