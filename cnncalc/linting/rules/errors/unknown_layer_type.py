"""The rule E202, `unknown_layer_type`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class UnknownLayerType(Diagnosed):
    """A word is neither a layer type nor a block.

    `cnncalc layers` lists every type, and the names that Keras, PyTorch and ONNX give it. Types of other
    packages count once the package is installed.
    """

    code = "E202"
    name = "unknown_layer_type"
    bad = "8x8x3 -> cnov 4 3x3"
    good = "8x8x3 -> conv 4 3x3"
    reason = "What a layer does cannot be guessed from a word that nothing knows."
    sources = ("docs/language.md",)
