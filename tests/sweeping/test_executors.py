"""Sweeps on real executors whose workers are killed: nothing is lost, and nothing counted twice."""

from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

import cnncalc

pytestmark = pytest.mark.sweep

SPEC = {
    "input": "9x9x3",
    "variables": {"width": 4, "depth": 20},
    "layers": [{"repeat": "${depth}", "layers": [{"conv": {"filters": "${width}", "kernel": 3, "padding": "same"}}]}],
}
RANGES = {"width": "1..50", "depth": "1..20"}


def params(width, depth):
    return 28 * width + (depth - 1) * (9 * width * width + width)


def check(found, rows):
    """1,000 combinations in their order, with the parameters by hand, each counted once."""
    expected = [(width, depth) for width in range(1, 51) for depth in range(1, 21)]
    assert [variant.values for variant in rows] == expected
    assert [found.figures(variant)["params"] for variant in rows] == [params(*each) for each in expected]
    assert (found.tally.tried, found.tally.kept, found.tally.failed) == (1000, 1000, 0)


def test_processes_of_which_one_is_killed():
    """The pool of --jobs starts again once a process is killed."""
    found = cnncalc.sweep(SPEC, RANGES, jobs=2)
    rows = iter(found)
    first = next(rows)
    os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
    check(found, [first, *rows])


def test_dask_with_a_killed_worker():
    """Dask's executor on a local cluster, of whose two workers one is killed after the first rows."""
    reason = "Dask is not installed: pip install 'cnncalc[dev]'"
    distributed = pytest.importorskip("distributed", reason=reason)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):
        found = cnncalc.sweep(SPEC, RANGES, executor=executor, jobs=6)
        rows = iter(found)
        first = next(rows)
        pids = client.run(os.getpid)
        os.kill(next(iter(pids.values())), signal.SIGKILL)
        check(found, [first, *rows])
        assert set(client.run(os.getpid).values()) != set(pids.values())
