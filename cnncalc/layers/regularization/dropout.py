from __future__ import annotations

from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.regularization._regularization import Regularization


class Dropout(Regularization):
    """Zeroes a fraction of its input at random during training; the identity at inference, as here."""

    type = "dropout"
    role = "dropout"
    rule = "dropout: the shape is unchanged"
    sources = (
        "Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, JMLR 15, 2014",
        "Keras, keras.layers.Dropout",
        "PyTorch, torch.nn.Dropout",
        "ONNX operators, Dropout",
    )
    examples = ("1024 -> dropout 0.4", "7x7x64 -> dropout -> flatten")

    rate = shared_fields.rate(
        "fraction of the input that is zeroed during training", aliases=("ratio", "dropout_ratio")
    )

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return keeping.mask(self.rate, prod(x))
