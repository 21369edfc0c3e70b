"""Where cnncalc and a framework differ on purpose, each with its reason.

A deviation says which cases it is about, by their fields alone, and on which side something is refused; a test checks
that it is so, and outside of these cases any difference is a mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from tests.oracles import families
from tests.oracles.cases import Case, Verdict, per_axis, spatial_rank

ELEMENTWISE = ("add", "multiply", "average", "maximum", "minimum", "subtract", "divide")
POOLS = ("max_pool", "avg_pool")
SAME = ("same", "same_lower")


class Deviation(NamedTuple):
    """A known difference: the cases that it is about, and who refuses there: "cnncalc", "framework", or "nobody".

    Where nobody is sure to refuse, shapes agree if both accept, but the values need not.
    """

    name: str
    reason: str
    convention: str
    applies: Callable[[Case], bool]
    refuses: str

    def holds(self, mine: Verdict, theirs: Verdict) -> bool:
        """Whether the side that should refuse does; the other may refuse as well, for a reason of its own."""
        if self.refuses == "nobody":
            return theirs["shape"] in (None, mine["shape"])
        return (mine if self.refuses == "cnncalc" else theirs)["shape"] is None


def deviation(case: Case) -> Deviation | None:
    """The deviation that a case belongs to, if any."""
    return next((one for one in known() if one.convention == case["convention"] and one.applies(case)), None)


@cache
def known() -> tuple[Deviation, ...]:
    """Every deviation: those below, and those that the families declare for their own layers."""
    return DEVIATIONS + families.listed("DEVIATIONS")


def numbers(case: Case, name: str, default: int = 1) -> list[int]:
    """A field along each spatial axis."""
    return per_axis(case["fields"].get(name, default), spatial_rank(case))


def spatial(case: Case) -> list[int]:
    """The sizes of the spatial axes of the first input."""
    shape: list[int] = case["inputs"][0]
    return shape[1:] if case["convention"] in ("pytorch", "onnx") else shape[:-1]


def strides(case: Case) -> list[int]:
    """The stride along each spatial axis; a pool's is its kernel where it is unsaid, 1 under ONNX."""
    unsaid = "kernel" if case["layer"] in POOLS and case["convention"] != "onnx" else "stride"
    return numbers(case, "stride" if "stride" in case["fields"] else unsaid)


def extents(case: Case) -> list[int]:
    """The dilated kernel along each spatial axis."""
    return [D * (F - 1) + 1 for F, D in zip(numbers(case, "kernel"), numbers(case, "dilation"), strict=False)]


def padding_totals(case: Case) -> list[int]:
    """What numbers pad along each spatial axis, both sides together; no padding for words."""
    given = case["fields"].get("padding", 0)
    sides = per_axis(0 if isinstance(given, str) else given, spatial_rank(case))
    return [sum(side) if isinstance(side, list) else 2 * side for side in sides]


def ranks_differ(case: Case) -> bool:
    return case["layer"] in ELEMENTWISE and len({len(shape) for shape in case["inputs"]}) > 1


def unequal_depthwise_strides(case: Case) -> bool:
    return case["layer"] == "depthwise_conv" and len(set(numbers(case, "stride"))) > 1


def strided_and_dilated_depthwise(case: Case) -> bool:
    return case["layer"] == "depthwise_conv" and max(numbers(case, "stride")) > 1 and max(numbers(case, "dilation")) > 1


def padded_beyond_the_stride(case: Case) -> bool:
    axes = zip(numbers(case, "output_padding", 0), numbers(case, "stride"), strict=True)
    return case["layer"] == "conv_transpose" and any(A >= S for A, S in axes)


def dilated_same_pool(case: Case) -> bool:
    return case["layer"] in POOLS and case["fields"].get("padding") in SAME and max(numbers(case, "dilation")) > 1


def same_without_need(case: Case) -> bool:
    """A stride that steps over positions: SAME needs no padding, and the formula for its total is negative."""
    if case["fields"].get("padding") not in SAME or case["layer"] == "conv_transpose":
        return False
    axes = zip(spatial(case), strides(case), extents(case), strict=False)
    return any((W - 1) // S * S + extent < W for W, S, extent in axes)


def volume_that_needs_none(case: Case) -> bool:
    return spatial_rank(case) == 3 and same_without_need(case)


def window_beyond_the_input(case: Case) -> bool:
    fields = case["fields"]
    if case["layer"] not in POOLS or fields.get("padding") in SAME or fields.get("rounding") == "ceil":
        return False
    axes = zip(spatial(case), padding_totals(case), extents(case), strict=False)
    return any(extent > W + total for W, total, extent in axes)


DEVIATIONS = (
    Deviation(
        "inputs of different rank",
        "broadcasting would align the batch axis of one with another axis of the other: it fits by accident only",
        "pytorch",
        ranks_differ,
        refuses="cnncalc",
    ),
    Deviation("inputs of different rank", "as in PyTorch", "onnx", ranks_differ, refuses="cnncalc"),
    Deviation(
        "stride and dilation in a depthwise convolution",
        "TensorFlow's reference forbids them together; the operation only warns and computes another size",
        "tensorflow",
        strided_and_dilated_depthwise,
        refuses="cnncalc",
    ),
    Deviation(
        "unequal strides in a depthwise convolution",
        "TensorFlow's CPU kernel lacks them; Keras's shape rule, which the convention follows, has them",
        "tensorflow",
        unequal_depthwise_strides,
        refuses="framework",
    ),
    Deviation(
        "output padding below the dilation, not below the stride",
        "ONNX allows it, as PyTorch does; newer versions of ONNX Runtime refuse it in a check of consistency",
        "onnx",
        padded_beyond_the_stride,
        refuses="framework",
    ),
    Deviation(
        "pools with SAME and a dilation",
        "ONNX Runtime leaves the dilation out of the padding, against the specification; its convolutions refuse",
        "onnx",
        dilated_same_pool,
        refuses="cnncalc",
    ),
    Deviation(
        "SAME that needs no padding",
        "ONNX Runtime computes a negative padding: MaxPool refuses it, AveragePool and Conv start inside the input",
        "onnx",
        same_without_need,
        refuses="nobody",
    ),
    Deviation(
        "SAME that needs no padding, with three axes",
        "TensorFlow's 3-D kernels on the CPU then start inside the input, unlike its 1-D and 2-D ones, Keras and JAX",
        "tensorflow",
        volume_that_needs_none,
        refuses="nobody",
    ),
    Deviation(
        "a pool's window larger than the padded input",
        "ONNX Runtime's division truncates towards zero and gives 1; the specification's floor gives none",
        "onnx",
        window_beyond_the_input,
        refuses="cnncalc",
    ),
)
