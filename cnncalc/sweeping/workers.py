"""The evaluation of a sweep's chunks: in this process, in processes of this machine, or by an executor's workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from typing import NamedTuple

from cnncalc.diagnostics import SpecError
from cnncalc.graph.document import Overrides
from cnncalc.graph.memo import BuildCache
from cnncalc.importing.document import Choices, ModelDocument, read
from cnncalc.reading.limits import Limits
from cnncalc.reading.load import Reference
from cnncalc.reading.nodes import SpecNode
from cnncalc.solving.question import unusable
from cnncalc.sweeping.chunks import Bounds, Chunks, in_order
from cnncalc.sweeping.plan import EvaluatedChunk, SweepPlan, evaluate_timed
from cnncalc.sweeping.variant import Variant

AHEAD = 64
"""The number of chunks that wait on an executor, unless the caller gives another."""

PER_PROCESS = 3
"""The number of chunks that wait on each process of this machine."""


class Workers(NamedTuple):
    """The workers that a caller chose, and the spec as the caller gave it."""

    source: Reference
    overrides: Overrides
    executor: Executor | None = None
    jobs: int = 1

    def results(self, plan: SweepPlan, chunks: Chunks) -> Iterator[tuple[Bounds, list[Variant]]]:
        """The variants of each chunk, in order. The time of each decides the size of those to come."""
        for bounds, chunk in self._evaluated(plan, chunks):
            chunks.took(bounds, chunk.seconds)
            yield bounds, chunk.variants

    def _evaluated(self, plan: SweepPlan, chunks: Chunks) -> Iterator[tuple[Bounds, EvaluatedChunk]]:
        if self.executor is not None:
            yield from self._spread(self.executor, plan, chunks, self.jobs if self.jobs > 1 else AHEAD)
        elif self.jobs > 1:
            from cnncalc.sweeping.local_pool import LocalPool

            pool = LocalPool(self.jobs)
            try:
                yield from self._spread(pool, plan, chunks, PER_PROCESS * self.jobs)
            finally:
                pool.shutdown(cancel_futures=True)
        else:
            cache = BuildCache()
            for bounds in chunks:
                yield bounds, evaluate_timed(plan, *bounds, cache)

    def _spread(
        self, executor: Executor, plan: SweepPlan, chunks: Chunks, ahead: int
    ) -> Iterator[tuple[Bounds, EvaluatedChunk]]:  # fmt: skip
        sent = self._portable(plan)

        def submit(bounds: Bounds) -> Future[EvaluatedChunk]:
            return executor.submit(evaluate_timed, sent, *bounds)

        return in_order(chunks, submit, ahead)

    def _portable(self, plan: SweepPlan) -> SweepPlan:
        """The plan as other processes can receive it. Raises SpecError for a model that they cannot read."""
        document = plan.family.document
        again: Callable[[Choices], SpecNode | None] | None = None
        if document.again is not None and plan.family.is_read_again:
            if not isinstance(self.source, str | os.PathLike) or self.source == "-":
                raise unusable(
                    "other processes cannot read this model, whose layers depend on what varies",
                    "save it as a file, or use one job",
                )
            again = partial(read_again, self.source, self.overrides.limits)
        sent = ModelDocument(document.root, [], again=again, depends_on=document.depends_on)
        return plan._replace(family=plan.family._replace(document=sent))


def read_again(source: str | os.PathLike[str], limits: Limits, choices: Choices) -> SpecNode | None:
    """Read a model file for other choices, in any process that has the file. Raises SpecError."""
    document = read(source, choices, limits=limits)
    if document.root is None:
        raise SpecError(document.diagnostics)
    return document.root
