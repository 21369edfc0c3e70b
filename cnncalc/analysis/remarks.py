"""Remarks of an explanation: how parameters and operations are counted, where courses and frameworks differ."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.layers.base import Layer, Weight
from cnncalc.number_text import thousands


def statistics_remark(layer: Layer, weights: Sequence[Weight]) -> tuple[str, ...]:
    """A remark on statistics that the convention's framework counts among the parameters."""
    convention = layer.setting.convention
    kept = sum(int(weight.size) for weight in weights if weight.statistic)
    if not kept or not convention.statistics_are_params:
        return ()
    total = kept + sum(int(weight.size) for weight in weights if not weight.statistic)
    if total == kept:
        return (f"{convention.title} counts them as non-trainable parameters.",)
    counted = f"{thousands(total)} in total, {thousands(kept)} of them non-trainable"
    return (f"{convention.title} counts both as parameters: {counted}.",)


def work_remark(macs: int, work: Formula) -> tuple[str, ...]:
    """A remark on how operations are counted, if many courses count them differently."""
    twice = 2 * int(macs)
    if not twice or twice == work.value:
        return ()
    counted = "FLOPs count 2 per MAC, although a sum of N products has only N − 1 additions"
    return (f"{counted}. Many courses count only 2·MACs = {thousands(twice)}.",)


def terms_remark(layer: Layer, activation: Layer | None, other_work: Formula) -> tuple[str, ...]:
    """A remark on the terms of FLOPs beyond two per MAC, whose formula has a constant, such as 13·u or 2·O·O·Cₒ."""
    constants = [leaf.value for leaf in algebra.constants(other_work)]
    if max(constants, default=1) < 2 or not layer.work_terms():
        return ()
    followed = f"; then {activation.type}, {activation.work_terms()}" if activation else ""
    return (f"FLOPs of {layer.type}: {layer.work_terms()}{followed}.",)
