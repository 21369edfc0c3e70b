from __future__ import annotations

from cnncalc.layers.resizing._scaled_or_sized import ScaledOrSized


class Upsample(ScaledOrSized):
    """Resizing by a scale or to a size: copies the nearest input, or interpolates between neighbours.

    A real scale is used as written (0.29 of 100 is 29), unless the framework's floating-point arithmetic gives another
    size: PyTorch gives 28. Keras has only integer scales, and calls them `size`. FLOPs: none for the nearest neighbour;
    else 2·T − 1 per output of T inputs, which are 2 along each axis for linear, 4 for cubic.
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
