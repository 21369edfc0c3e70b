"""The counts of a sweep in words."""

from __future__ import annotations

from cnncalc.number_text import plural, thousands
from cnncalc.sweeping.sweep import Sweep
from cnncalc.sweeping.variant import FailureGroup, Variant

MOST_GROUPS = 5
"""The most layers that are listed for failures."""


def counts(found: Sweep, front: int | None = None) -> str:
    """The numbers of combinations, of kept ones and of failures, with the first message at each layer."""
    tally = found.tally
    dropped = tally.tried - tally.kept - tally.failed
    parts = [f"{thousands(tally.kept)} {'kept' if found.plan.keep else 'valid'}"]
    if found.plan.keep:
        parts.append(f"{thousands(dropped)} {'does' if dropped == 1 else 'do'} not meet {_conditions(found)}")
    if tally.failed:
        parts.append(f"{thousands(tally.failed)} cannot be built")
    lines = [f"{plural(tally.tried, 'combination')}: {', '.join(parts)}"]
    if tally.first_over_budget is not None:
        lines.append(_over_budget(found, tally.first_over_budget))
    lines += [_failure(found, group) for group in tally.groups[:MOST_GROUPS]]
    if len(tally.groups) > MOST_GROUPS:
        lines.append(f"  and in {len(tally.groups) - MOST_GROUPS} more places")
    if front is not None:
        lines.append(f"Pareto front: {plural(front, 'variant')} by {', '.join(map(str, found.objectives))}")
    return "\n".join(lines)


def _conditions(found: Sweep) -> str:
    return ", ".join(map(str, found.plan.keep))


def _over_budget(found: Sweep, first: Variant) -> str:
    words = "; ".join(first.over_budget)
    return f"  {thousands(found.tally.over_budget)} over budget, the first at {_values(found, first)}: {words}"


def _failure(found: Sweep, group: FailureGroup) -> str:
    failure = group.first.failure
    assert failure is not None
    return f"  {thousands(group.number)}, the first at {_values(found, group.first)}: {failure.message}"


def _values(found: Sweep, variant: Variant) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(found.plan.names, variant.values, strict=True))
