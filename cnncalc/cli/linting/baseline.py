"""`cnncalc lint --baseline` and `--write-baseline`: filter known findings, and report on the baseline."""

from __future__ import annotations

import os

from cnncalc.cli._console import note
from cnncalc.linting.baseline import DEFAULT_FILE, Baseline, read_baseline, write_baseline
from cnncalc.linting.run import Result
from cnncalc.linting.settings import Settings
from cnncalc.number_text import plural


def without_known(result: Result, settings: Settings, path: str | None, *, write: bool) -> Result:
    """Remove the findings recorded in a baseline; with `write`, record all findings in it first.

    Entries for files and rules that are not part of this run are kept. Raises SpecError if the baseline is invalid,
    and OSError if it cannot be written.
    """
    path = path or DEFAULT_FILE
    if write:
        is_new = not os.path.lexists(path)
        old = Baseline(path) if is_new else read_baseline(path)  # a file that is not a baseline is never overwritten
        baseline = _rewritten(old, result, settings)
        write_baseline(baseline)
        count, files = baseline.counts.total(), len({known.file for known in baseline.counts})
        note(f"{path}: {plural(count, 'finding')} in {plural(files, 'file')}")
    else:
        baseline = read_baseline(path)
    new, left = baseline.split(result.findings)
    gone = sum(count for known, count in left.items() if baseline.was_asked(known, result, settings))
    if gone:
        verb = "is" if gone == 1 else "are"
        note(f"{path}: {plural(gone, 'finding')} of the baseline {verb} gone: update it with --write-baseline")
    return result._replace(findings=tuple(new))


def _rewritten(old: Baseline, result: Result, settings: Settings) -> Baseline:
    baseline = Baseline(old.path)
    for known, count in old.counts.items():
        if not old.was_asked(known, result, settings):
            baseline.counts[known] += count
    baseline.counts.update(known for known in map(baseline.known, result.findings) if known is not None)
    return baseline
