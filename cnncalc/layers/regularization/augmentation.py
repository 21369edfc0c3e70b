from __future__ import annotations

from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import show_shape
from cnncalc.layers.declare import Numbers
from cnncalc.layers.regularization._regularization import Regularization


class Augmentation(Regularization):
    """Rotates, shifts or recolours images at random during training; the identity at inference, as here.

    It covers all augmentation layers of Keras: RandomFlip, RandomRotation and the others. Keras's RandomCrop is not
    included, because its output at inference differs from its shape rule: use `crop` or `resize_image` for the model's
    behaviour. FLOPs: none.
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
        "direction of a flip", ("horizontal", "vertical", "horizontal_and_vertical"), default=None,
        default_text="the framework's default",
    )  # fmt: skip
    factor: Numbers = declare.numbers(
        "amount, a number or the two bounds of a range; without effect at inference", default=None,
        default_text="the framework's default", positional=True, aliases=("height_factor", "degrees"),
    )  # fmt: skip
    width_factor: Numbers = declare.numbers(
        "amount along the width, as `factor`", default=None, default_text="the framework's default", positional=True
    )
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        if len(x) != 3:
            raise Refusal(
                f"{self.type} needs an image, two spatial axes and channels, got {show_shape(x)}",
                hint="put it before the layers that flatten",
                code="E303",
            )
        return x
