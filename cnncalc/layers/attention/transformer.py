from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.attention.transformer_decoder import TransformerDecoder
from cnncalc.layers.attention.transformer_encoder import TransformerEncoder
from cnncalc.layers.base import Array, Layer, Sight, Weight
from cnncalc.layers.keeping import Keeps


class Transformer(Layer):
    """The transformer of the paper: an encoder over the source, and a decoder over the target that reads its output.

    Its inputs are the source and the target; the output has the target's length. Each stack ends with one more
    normalization. FLOPs: as in `transformer_encoder` and `transformer_decoder`.
    """

    type = "transformer"
    family = "attention"
    rule = "transformer: decoder(target, encoder(source)), the target's shape"
    sources = (
        "Vaswani et al., Attention Is All You Need, arXiv 1706.03762",
        "PyTorch, torch.nn.Transformer",
    )
    examples = ("source: 7x12, target: 5x12 -> transformer 3 from=[source, target] hidden=24 encoders=2 decoders=2",)
    inputs: ClassVar[tuple[int, int | None]] = (2, 2)
    branching = True
    states: ClassVar[dict[str, str]] = {"d_model": "features"}
    without_effect: ClassVar[tuple[str, ...]] = ("dropout", "layer_norm_eps", "batch_first")
    refused: ClassVar[dict[str, str]] = {
        "custom_encoder": "only the standard encoder is supported", "custom_decoder": "only the standard decoder is "
                                                                                  "supported",
    }  # fmt: skip
    activation_field = "function"

    heads = declare.count("number of heads", default=8, positional=True, symbol="h", aliases=("nhead", "num_heads"))
    encoders = declare.count("number of encoder layers", default=6, symbol="N", aliases=("num_encoder_layers",))
    decoders = declare.count("number of decoder layers", default=6, symbol="M", aliases=("num_decoder_layers",))
    hidden = declare.count(
        "number of units of the first of the two dense layers", default=2048, symbol="u",
        aliases=("dim_feedforward", "mlp_dim", "intermediate_dim"),
    )  # fmt: skip
    function = declare.choice("activation between the two dense layers", ("relu", "gelu"), default="relu")
    norm_first = declare.flag(
        "whether a sublayer's input is normalized instead of its residual sum", default=False,
        aliases=("normalize_first",),
    )  # fmt: skip
    bias = declare.flag("whether projections and normalizations add biases", default=True, aliases=("use_bias",))
    causal = declare.flag(
        "whether a position of the target attends only to positions up to its own",
        default=False,
        aliases=("tgt_is_causal",),
    )

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def _encoder(self) -> TransformerEncoder:
        return TransformerEncoder(self.setting, depth=self.encoders, **self._shared())

    def _decoder(self) -> TransformerDecoder:
        return TransformerDecoder(self.setting, depth=self.decoders, causal=self.causal, **self._shared())

    def _shared(self) -> dict[str, Any]:
        """The fields that both stacks share."""
        names = ("heads", "hidden", "function", "norm_first", "bias")
        return {name: getattr(self, name) for name in names} | {"final_norm": True}

    def shape(self, source: Shape, target: Shape) -> Shape:
        return self._decoder().shape(target, self._encoder().shape(source))

    def weights(self, source: Shape, target: Shape, y: Shape) -> Iterator[Weight]:
        for weight in self._encoder().weights(source, source):
            yield weight._replace(name=f"encoder_{weight.name}")
        for weight in self._decoder().weights(target, source, y):
            yield weight._replace(name=f"decoder_{weight.name}")

    def macs(self, source: Shape, target: Shape, y: Shape) -> int:
        return self._encoder().macs(source, source) + self._decoder().macs(target, source, y)

    def elementwise(self, source: Shape, target: Shape, y: Shape) -> int:
        return self._encoder().elementwise(source, source) + self._decoder().elementwise(target, source, y)

    def kept(self, source: Shape, target: Shape, y: Shape) -> Keeps:
        encoder, decoder = self._encoder().kept(source, source), self._decoder().kept(target, source, y)
        return Keeps("all" if self.norm_first else "", arrays=(*encoder.arrays, *decoder.arrays))

    def windows(self, source: Shape, target: Shape) -> Sight:
        return "whole"

    def forward(self, np: ModuleType, source: Array, target: Array, **weights: Any) -> Array:
        own: dict[str, dict[str, Array]] = {"encoder": {}, "decoder": {}}
        for name, array in weights.items():
            stack, _, rest = name.partition("_")
            own[stack][rest] = array
        memory = self._encoder().forward(np, source, **own["encoder"])
        return self._decoder().forward(np, target, memory, **own["decoder"])
