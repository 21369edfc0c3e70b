"""A counting tool: its version, its unit, and its rule for each type of layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cnncalc.analysis.tools.call import FrameworkCall


class CountRule(NamedTuple):
    """A tool's count for one type of layer."""

    count: Callable[[FrameworkCall], int]
    words: str
    """The count in words, as a noun phrase."""
    mistake: str = ""
    """The reason why the count is wrong, for rules that contradict the operation's definition."""


ZERO = CountRule(lambda call: 0, "not counted")
UNCOUNTED_PRODUCTS = CountRule(lambda call: 0, "not counted", "its matrix products are multiply–accumulates")
UNCOUNTED_CLASS = CountRule(
    lambda call: 0, "not counted", "PyTorch gives the layer another class, which has the same multiply–accumulates"
)
UNKNOWN = CountRule(lambda call: 0, "the rule is not known")


class Tool(NamedTuple):
    """A tool that counts operations. Layers without a rule count as zero, if they have no multiply–accumulates."""

    name: str
    version: str
    framework: str
    prints: str
    """The tool's own word for its count."""
    per_mac: int
    """The operations that it counts for a multiply–accumulate."""
    source: str
    """The page that defines the rules."""
    rules: Mapping[str, CountRule]
    remark: str = ""
    """The conditions under which the tool gives this count."""
    replaces_functions: bool = False
    """Whether it counts by replacing PyTorch's functions."""
    of_functions: Callable[[int, CountRule], int] = lambda count, rule: count
    """The count of a function's call, from the count and the rule of the module without weights."""

    def rule(self, call: FrameworkCall) -> CountRule | None:
        """The rule for a call; None if it is not known."""
        if self.replaces_functions and call.is_captured:
            return ZERO
        return self.rules.get(call.type) or (None if call.macs else ZERO)


def per_mac(times: int = 1) -> CountRule:
    """The multiply–accumulates, without biases."""
    return CountRule(lambda call: times * call.macs, "multiply–accumulates" if times == 1 else f"{times} per MAC")


def with_biases(times: int = 1) -> CountRule:
    """The multiply–accumulates, and one per output for a bias."""
    words = f"{'MACs' if times == 1 else f'{times} per MAC'}, and 1 per output for the bias"
    return CountRule(lambda call: times * call.macs + (call.y if call.has_bias else 0), words)


def per_input(times: int) -> CountRule:
    return CountRule(lambda call: times * call.x, f"{times} per input")


def per_output(times: int) -> CountRule:
    return CountRule(lambda call: times * call.y, f"{times} per output")


def for_each(types: Iterable[str], rule: CountRule) -> dict[str, CountRule]:
    """The same rule for several types of layers."""
    return dict.fromkeys(types, rule)


CONVOLUTIONS = ("conv", "depthwise_conv")
REPARAMETRIZED = ("spectral_norm", "weight_norm")
"""Layers of PyTorch whose weights are computed, which changes the class of the module."""

RARE_PRODUCTS = ("bilinear", "cosine_similarity")
"""Layers with multiply–accumulates that have no rule in tools for PyTorch."""

POOLS = ("max_pool", "avg_pool")
ADAPTIVE_POOLS = ("adaptive_avg_pool", "adaptive_max_pool", "global_avg_pool", "global_max_pool")
