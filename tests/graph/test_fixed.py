"""Items with `trainable`: the layers that it fixes, and those inside of them."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load

FIXED = (
    # Items that end in a parameter; whether it is a buffer, and whether the node is trained.
    ("{parameter: 7}", False, True),
    ("{parameter: 7, trainable: true}", False, True),
    ("{parameter: 7, trainable: false}", True, False),
    ("{parameter: 7, trainable: buffer}", True, False),
    ("{parameter: {shape: 7, buffer: false}, trainable: false}", False, False),
    ("{layers: [{parameter: 7}], trainable: false}", False, False),  # frozen as a whole: it is still a parameter
    ("{layers: [{parameter: 7}], trainable: buffer}", True, False),
    ("{layers: [{parameter: 7, trainable: true}], trainable: false}", True, False),
)


@pytest.mark.parametrize(("item", "buffer", "trainable"), FIXED)
def test_a_fixed_parameter_is_a_buffer(item: str, buffer: bool, trainable: bool) -> None:
    node = load(f"input: 5x3\nlayers: [{item}]").nodes[-1]
    assert node.layer is not None
    (array,) = node.layer.weights((7,))
    assert (array.statistic, node.trainable) == (buffer, trainable)
