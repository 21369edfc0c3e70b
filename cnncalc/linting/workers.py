"""Checking many files: cached findings are reused, and the rest is checked, if it is much by several processes.

The result and its order do not depend on the number of processes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Source, SpecError
from cnncalc.graph.memo import BuildCache
from cnncalc.importing.document import HEAD, recognized
from cnncalc.linting.discovery import Target
from cnncalc.linting.engine import check
from cnncalc.linting.finding import Finding
from cnncalc.linting.records import Record, as_record, from_record
from cnncalc.linting.settings import Plan
from cnncalc.reading.files import open_at_once
from cnncalc.reading.load import decoded

if TYPE_CHECKING:
    from cnncalc.linting.cache import Cache

WORTH_A_PROCESS = 50
"""The number of files from which all processors are used, unless the number of jobs is given."""
WORTH_A_CACHE = 10
"""With fewer files, the cache is not used, so that checking a few specs leaves no cache folder."""
_LEAST_SHARE = 4

Job = tuple[Target, Plan]


def check_all(jobs: Sequence[Job], *, processes: int | None, cache_folder: str | None) -> list[list[Finding]]:
    """The findings of each spec, in the order of the jobs."""
    cache = _cache(cache_folder) if cache_folder and len(jobs) >= WORTH_A_CACHE else None
    found: list[list[Finding] | None] = [None] * len(jobs)
    left: list[tuple[int, Job, Source, str]] = []
    for place, (target, plan) in enumerate(jobs):
        loaded = _load(target, plan)
        if loaded is None:
            found[place] = check(target, plan)
            continue
        data, source = loaded
        key = cache.key(data, target.variant, plan) if cache else ""
        known = cache.get(key, source) if cache else None
        if known is None:
            left.append((place, (target._replace(text=data), plan), source, key))
        found[place] = known
    several = processes or (os.cpu_count() or 1 if len(left) >= WORTH_A_PROCESS else 1)
    checked = _checked([job for _, job, _, _ in left], min(several, len(left)))
    for (place, _, source, key), records in zip(left, checked, strict=True):
        if cache:
            cache.put(key, records)
        found[place] = [from_record(record, source) for record in records]
    return [findings if findings is not None else [] for findings in found]


def _cache(folder: str) -> Cache:
    from cnncalc.linting.cache import Cache  # few specs are checked without one

    return Cache(folder)


def _load(target: Target, plan: Plan) -> tuple[bytes, Source] | None:
    """The bytes of a spec and its text; None for a model file or an unreadable file."""
    text = target.text
    if isinstance(text, str):
        return text.encode("utf-8", "surrogateescape"), Source(target.path, text)
    try:
        if text is None:
            with open(target.path, "rb", opener=open_at_once) as file:
                text = file.read(plan.limits.file_bytes + 1)
        if len(text) > plan.limits.file_bytes:
            return None
        if recognized(text[:HEAD], target.path):
            return None
        return text, Source(target.path, decoded(target.path, text))
    except (OSError, ValueError, SpecError):
        return None


def _checked(jobs: list[Job], processes: int) -> list[list[Record]]:
    if processes <= 1:
        return _share(jobs)
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        with ProcessPoolExecutor(processes, initializer=_end_with_parent) as pool:
            return [records for share in pool.map(_share, list(_shares(jobs, processes))) for records in share]
    except BrokenProcessPool:
        raise ChildProcessError(
            "a worker process ended unexpectedly: it was killed, or memory is exhausted; --jobs 1 uses no workers"
        ) from None


def _end_with_parent() -> None:
    """Exit this worker when its parent process ends, even if the parent is killed."""
    from multiprocessing import parent_process
    from threading import Thread

    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _shares(jobs: list[Job], processes: int) -> Iterator[list[Job]]:
    """Groups of neighbouring jobs, often of one family, in decreasing size, so that all workers finish together."""
    begin = 0
    while begin < len(jobs):
        end = begin + max(_LEAST_SHARE, (len(jobs) - begin) // (2 * processes))
        yield jobs[begin:end]
        begin = end


def _share(jobs: list[Job]) -> list[list[Record]]:
    """The findings of some specs, as records. Specs of one family have many layers in common."""
    memory = BuildCache()
    return [[as_record(finding) for finding in check(*job, memory)] for job in jobs]
