from __future__ import annotations

from cnncalc.layers import shared_fields
from cnncalc.layers.resizing._blocks import IntoChannels


class SpaceToDepth(IntoChannels):
    """Blocks of positions become channels, in the order of TensorFlow and ONNX.

    In the order dcr position (i, j) of the block becomes channel (i·f + j)·C + c; crd is `pixel_unshuffle`. FLOPs:
    none.
    """

    type = "space_to_depth"
    sources = ("TensorFlow, tf.nn.space_to_depth", "ONNX operators, SpaceToDepth")
    examples = ("26x26x64 -> space_to_depth 2", "9x15x3 -> space_to_depth 3 crd")

    order = shared_fields.block_order()
