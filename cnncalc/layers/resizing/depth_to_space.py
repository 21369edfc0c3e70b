from __future__ import annotations

from cnncalc.layers import shared_fields
from cnncalc.layers.resizing._blocks import IntoSpace


class DepthToSpace(IntoSpace):
    """The channels of a position become a block of positions, in the order of TensorFlow and ONNX.

    In the order dcr channel (i·f + j)·C + c goes to position (i, j) of the block; crd is `pixel_shuffle`. FLOPs: none.
    """

    type = "depth_to_space"
    sources = ("TensorFlow, tf.nn.depth_to_space", "ONNX operators, DepthToSpace")
    examples = ("5x7x12 -> depth_to_space 2", "5x7x27 -> depth_to_space 3 crd")

    order = shared_fields.block_order()
