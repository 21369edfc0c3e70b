"""cnncalc's own verdict on a case, and how it is held against a framework's."""

from __future__ import annotations

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import SpecError
from tests.oracles.cases import Case, Verdict, accepted, one_line, refused, spec
from tests.oracles.deviations import deviation


def ours(case: Case) -> Verdict:
    """What cnncalc says."""
    try:
        report = analyze(spec(case))
    except SpecError as error:
        return refused(error.diagnostics[0].message)
    return accepted(report.outputs[-1].shape, report.totals.params)


def difference(case: Case, theirs: Verdict) -> str:
    """Empty where cnncalc agrees, or deviates as it is known to; else the case and both verdicts as one line."""
    mine = ours(case)
    both = f"cnncalc {show(mine)}; {case['convention']} {show(theirs)}"
    known = deviation(case)
    if known:
        changed = f"{one_line(case)}: no longer deviates ({known.name}): {both}"
        return "" if known.holds(mine, theirs) else changed
    if (mine["shape"], mine["params"]) == (theirs["shape"], theirs["params"]):
        return ""
    return f"{one_line(case)}: {both}"


def show(verdict: Verdict) -> str:
    """A verdict in words."""
    if verdict["shape"] is None:
        return f"refuses ({verdict['reason']})"
    return f"{verdict['shape']} with {verdict['params']} parameters"
