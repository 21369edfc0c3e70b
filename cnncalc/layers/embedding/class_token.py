from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape


class ClassToken(Layer):
    """Adds one learned vector before a sequence, from which a transformer's head reads the class.

    The input is positions × features, in every layout. FLOPs: none.
    """

    type = "class_token"
    aliases = ("cls_token", "ClassEmbedding")
    family = "embedding"
    rule = "class_token: T×n → (T + 1)×n\nn parameters"
    sources = (
        "Devlin et al., BERT, arXiv 1810.04805",
        "Dosovitskiy et al., An Image is Worth 16x16 Words, arXiv 2010.11929",
    )
    examples = ("196x768 -> class_token", "196x768 -> class_token -> positional_embedding")
    keeps = keeping.NOTHING

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        if len(x) != 2:
            raise Refusal(
                f"class_token needs a sequence, positions × features, got {show_shape(x)}", hint="reshape it first",
                code="E303",
            )  # fmt: skip
        return (x[0] + 1, x[1])

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("token", (x[1],))

    def windows(self, x: Shape) -> Sight:
        """Each position reads the one before it, as if the token were padding; in CHW, each feature reads itself."""
        return (AxisWindow(1, 1, 1, 0, x[0] + 1),) if self.setting.layout == "HWC" else "pointwise"

    def forward(self, np: ModuleType, x: Array, *, token: Array) -> Array:
        return np.concatenate([np.broadcast_to(token, (len(x), 1, len(token))), x], axis=1)
