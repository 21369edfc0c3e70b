from __future__ import annotations

from cnncalc.layers.resizing._scaled_or_sized import ScaledOrSized


class Upsample(ScaledOrSized):
    """Resizing by a scale or to a size: the nearest input is copied, or those around are blended.

    A real scale is taken as it is written (0.29 of 100 is 29), except where the framework's own floating point says
    otherwise: PyTorch gives 28. Keras has whole scales alone, and calls them `size`. FLOPs: none for the nearest
    neighbour; else 2·T − 1 per output of T inputs, which are 2 along each axis for linear, 4 for cubic.
    """

    type = "upsample"
    aliases = (
        "resize", "interpolate", "UpSampling", "UpsamplingNearest", "upsample_nearest", "resize_nearest_neighbor",
    )  # fmt: skip
    sources = (
        "PyTorch, torch.nn.Upsample and torch.nn.functional.interpolate",
        "Keras, keras.layers.UpSampling2D",
        "ONNX operators, Resize",
        "Keys, Cubic Convolution Interpolation for Digital Image Processing, IEEE Trans. ASSP 29(6), 1981",
    )
    examples = ("13x13x256 -> upsample 2", "7x5x64 -> upsample 2x3 linear", "16x12x3 -> resize size=24x20 cubic")
