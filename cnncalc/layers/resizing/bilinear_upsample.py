from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, shared_fields
from cnncalc.layers.resizing._scaled_or_sized import ScaledOrSized


class BilinearUpsample(ScaledOrSized):
    """`upsample` as in PyTorch's UpsamplingBilinear2d: linear, with aligned corners.

    FLOPs: as in `upsample`.
    """

    type = "bilinear_upsample"
    aliases = ("UpsamplingBilinear", "upsample_bilinear")
    sources = ("PyTorch, torch.nn.UpsamplingBilinear2d",)
    examples = ("13x13x256 -> bilinear_upsample 2", "7x5x64 -> bilinear_upsample size=13x17")

    mode = shared_fields.resizing_mode("linear")
    align_corners = declare.flag("whether the centres of the corner pixels of input and output coincide", default=True)

    def shape(self, x: Shape) -> Shape:
        if len(x) != 3 and self.framework == "pytorch":
            raise Refusal(
                f"PyTorch's UpsamplingBilinear2d needs 2 spatial axes, the input has {len(x) - 1}",
                hint="use upsample linear align_corners=true",
                code="E303",
            )
        return super().shape(x)
