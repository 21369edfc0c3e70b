from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.attention._pairwise import PairwiseAttention, sums
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.keeping import KeptArray


class AdditiveAttention(PairwiseAttention):
    """Bahdanau's attention without projections: the score is Σ scale·tanh(q + k) over the features.

    Its inputs are query, key and value, in this order under every convention; a single input serves as all three; with
    two, the second is both key and value. FLOPs: two per multiply–accumulate, for the scale and for the weighted sum;
    per feature of each score one for q + k and one for tanh, and without a scale one for the sum; one per score for the
    softmax.
    """

    type = "additive_attention"
    aliases = ("BahdanauAttention",)
    rule = (
        "additive_attention: softmax(Σ scale·tanh(Q + K))·V of the queries Q, keys K and values V\n"
        "one parameter per feature"
    )
    sources = (
        "Bahdanau et al., Neural Machine Translation by Jointly Learning to Align and Translate, arXiv 1409.0473",
        "Keras, keras.layers.AdditiveAttention",
    )
    examples = ("7x12 -> additive_attention", "7x12 -> additive_attention(identity | relu) scale=false")

    scale = declare.flag("whether each feature has a learned scale", default=True, aliases=("use_scale",))

    def weights(self, *shapes: Shape) -> Iterator[Weight]:
        if self.scale:
            yield Weight("scale", (shapes[0][-1],))

    def macs(self, *shapes: Shape) -> int:
        scored = self.pairs(shapes[:-1]) * shapes[0][-1] if self.scale else 0
        return scored + self.weighing(*shapes)

    def elementwise(self, *shapes: Shape) -> int:
        return self.pairs(shapes[:-1]) * ((2 if self.scale else 3) * shapes[0][-1] + 1)

    def kept_of_scores(self, *shapes: Shape) -> tuple[KeptArray, ...]:
        return (KeptArray("tanh of the sums", self.pairs(shapes[:-1]) * shapes[0][-1]),)

    def scores(self, np: ModuleType, query: Array, key: Array, *, scale: Array | None = None) -> Array:
        compared = np.tanh(sums(query, key))
        return compared.sum(axis=-1) if scale is None else compared @ scale
