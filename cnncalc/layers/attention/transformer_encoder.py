from __future__ import annotations

from cnncalc.layers.attention._transformer import Sublayer, TransformerStack


class TransformerEncoder(TransformerStack):
    """Transformer encoder, one layer or a stack: self-attention, then two dense layers at every position.

    FLOPs: two per multiply–accumulate; those of the attentions and normalizations; one per bias, per activated unit
    and per element of the residual sums.
    """

    type = "transformer_encoder"
    aliases = ("TransformerEncoderLayer",)
    rule = "transformer_encoder: norm(x + attention(x)), then norm(x + dense(dense(x)))"
    examples = ("197x768 -> transformer_encoder 12 hidden=3072", "7x12 -> transformer_encoder 3 hidden=24 depth=2")

    def sublayers(self) -> tuple[Sublayer, ...]:
        return Sublayer("attention", self.attention()), Sublayer("dense", None)
