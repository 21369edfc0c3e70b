from __future__ import annotations

from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import show_shape
from cnncalc.layers.declare import Numbers
from cnncalc.layers.regularization._regularization import Regularization


class Augmentation(Regularization):
    """Turns, shifts or recolours images at random while training; at inference, as here, the input as it is.

    Every one of Keras's augmenting layers inside a model is one: RandomFlip, RandomRotation and the others. Keras's
    RandomCrop is left out, whose output at inference is not that of its shape rule: write `crop` or `resize_image` for
    what the model then does. FLOPs: none.
    """

    type = "augmentation"
    aliases = (
        "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomShear", "RandomPerspective",
        "RandomElasticTransform", "RandomBrightness", "RandomContrast", "RandomHue", "RandomSaturation",
        "RandomSharpness", "RandomGrayscale", "RandomInvert", "RandomPosterization", "RandomColorDegeneration",
        "RandomColorJitter", "RandomGaussianBlur", "RandomErasing", "Solarization", "AugMix", "RandAugment", "MixUp",
        "CutMix", "RandomHorizontalFlip", "RandomVerticalFlip",
    )  # fmt: skip
    without_effect: ClassVar[tuple[str, ...]] = (
        "fill_mode", "fill_value", "value_range", "interpolation", "num_chains", "chain_depth", "alpha", "all_ops",
        "num_ops", "scale", "sigma", "kernel_size", "brightness_factor", "contrast_factor", "saturation_factor",
        "hue_factor", "x_factor", "y_factor", "addition_factor", "threshold_factor", "p",
    )  # fmt: skip
    rule = "augmentation: the shape is unchanged"
    sources = ("Keras, Image augmentation layers",)
    examples = ("32x32x3 -> augmentation -> conv 16 3x3", "32x32x3 -> RandomFlip horizontal -> RandomRotation 0.1")

    mode = declare.choice(
        "which way a flip goes", ("horizontal", "vertical", "horizontal_and_vertical"), default=None,
        default_text="the framework's",
    )  # fmt: skip
    factor: Numbers = declare.numbers(
        "how much, a number or the two ends of a range; without effect at inference", default=None,
        default_text="the framework's", positional=True, aliases=("height_factor", "degrees"),
    )  # fmt: skip
    width_factor: Numbers = declare.numbers(
        "how much along the width, as `factor`", default=None, default_text="the framework's", positional=True
    )

    def shape(self, x: Shape) -> Shape:
        if len(x) != 3:
            raise Refusal(
                f"{self.type} needs an image, two spatial axes and channels, got {show_shape(x)}",
                hint="it stands before the layers that flatten",
                code="E303",
            )
        return x
