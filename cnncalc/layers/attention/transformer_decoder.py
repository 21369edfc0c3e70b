from __future__ import annotations

from cnncalc.layers import declare
from cnncalc.layers.attention._transformer import Sublayer, TransformerStack


class TransformerDecoder(TransformerStack):
    """Transformer decoder, one layer or a stack: self-attention, attention to the memory, then two dense layers.

    Its inputs are the target and the memory, the output of the encoder. FLOPs: as in the encoder.
    """

    type = "transformer_decoder"
    aliases = ("TransformerDecoderLayer",)
    rule = "transformer_decoder: norm(x + attention(x)), norm(x + attention(x, memory)), norm(x + dense(dense(x)))"
    examples = ("7x12 -> transformer_decoder(identity | relu) heads=3 hidden=24",)
    inputs = (2, 2)
    branching = True

    causal = declare.flag(
        "whether a position of the target attends only to positions up to its own",
        default=False,
        aliases=("tgt_is_causal",),
    )

    def sublayers(self) -> tuple[Sublayer, ...]:
        return (
            Sublayer("self_attention", self.attention(causal=self.causal)),
            Sublayer("memory_attention", self.attention(), reads_memory=True),
            Sublayer("dense", None),
        )
