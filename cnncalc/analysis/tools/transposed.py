"""The count of a transposed convolution by output positions, which is another operation's."""

from __future__ import annotations

from math import prod

from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.tool import CountRule


def _per_output_position(call: FrameworkCall) -> int:
    return int(call.y * (call.channels // call.layer.groups) * prod(call.window))


BY_OUTPUT_POSITIONS = CountRule(
    _per_output_position,
    "the kernel at every output position",
    "a transposed convolution multiplies its kernel at each input position",
)
