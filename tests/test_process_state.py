"""A library call changes nothing of the process that it runs in, and calls do not disturb each other."""

from __future__ import annotations

import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import cnncalc
from cnncalc.analysis.analyze import load
from cnncalc.analysis.figures import report_on
from cnncalc.diagnostics import SpecError
from cnncalc.forward.verify import verify
from cnncalc.graph.memo import BuildCache
from cnncalc.layers.activation.relu import Relu
from cnncalc.linting.api import lint
from cnncalc.reading.limits import Limits

DEEP = "3x3x3 -> " + "add(" * 98 + "relu" + " | )" * 98


def state() -> tuple[object, ...]:
    return (
        sys.getrecursionlimit(),
        gc.isenabled(),
        gc.get_threshold(),
        dict(os.environ),
        os.getcwd(),
        sys.getswitchinterval(),
    )


def work(spec: str) -> tuple[int, int]:
    totals = cnncalc.analyze(spec).totals
    return totals.params, totals.macs


@pytest.mark.parametrize("call", [cnncalc.analyze, cnncalc.explain, cnncalc.compare, verify, lambda spec: lint([spec])])
def test_a_call_leaves_the_process_as_it_was(call: object) -> None:
    before = state()
    call("9x9x3 -> conv 4 3x3 -> relu")  # type: ignore[operator]
    assert state() == before


def test_a_call_that_fails_leaves_the_process_as_it_was() -> None:
    before = state()
    with pytest.raises(SpecError):
        cnncalc.analyze(f"3x3x3 -> {'add(' * 900}relu{' | )' * 900}", limits=Limits(nesting=5000))
    assert state() == before


def test_threads_get_the_figures_that_one_gets() -> None:
    """LeNet-5, quiz and a deep spec, in eight threads at once; 3,860 and 752,640 are the quiz's hand-worked figures."""
    before = state()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, ["quiz", "lenet5", DEEP] * 16))
    assert found[0] == (3860, 752_640)
    assert found == [work("quiz"), work("lenet5"), work(DEEP)] * 16
    assert state() == before


def shared_work(cache: BuildCache, spec: str) -> tuple[int, int]:
    totals = report_on(load(spec, cache=cache)).totals
    return totals.params, totals.macs


def test_threads_may_share_a_cache() -> None:
    """The same in eight threads with one cache, in which specs of one text and of several texts meet."""
    specs = ["quiz", "lenet5", DEEP, "resnet18", "resnet34", "9x9x3 -> (conv 4 3x3 p1 -> relu)*20"]
    alone = [work(spec) for spec in specs]
    cache = BuildCache()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda spec: shared_work(cache, spec), specs * 8))
    assert found == alone * 8


@pytest.mark.parametrize("is_shared", [True, False], ids=["one cache", "a cache each"])
def test_a_call_within_a_call(is_shared: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer that analyzes other specs while its own is built, as a plug-in's may: each has its own figures."""
    cache = BuildCache()
    expected = work("lenet5")
    found = []
    plain = Relu.shape

    def shape(self: Relu, x: tuple[int, ...]) -> tuple[int, ...]:
        found.append(shared_work(cache if is_shared else BuildCache(), "lenet5"))
        return plain(self, x)

    monkeypatch.setattr(Relu, "shape", shape)
    # conv_1: 4·(3·3·3 + 1) parameters and 7·7·4·27 MACs; conv_2: 4·(3·3·4 + 1) parameters and 7·7·4·36 MACs
    outer = "9x9x3 -> conv 4 3x3 -> relu -> conv 4 3x3 p1 -> relu"
    assert shared_work(cache, outer) == (4 * 28 + 4 * 37, 49 * 4 * 27 + 49 * 4 * 36)
    assert found == [expected]  # the shape of both, equal layers on equal inputs, is asked once


def test_the_deepest_spec_that_the_limit_allows_is_built_by_a_deep_caller() -> None:
    """98 branches inside each other, called below 200 further calls, fit into Python's own recursion limit."""

    def below(calls: int) -> int:
        return below(calls - 1) if calls else len(cnncalc.analyze(DEEP).layers)

    assert below(200) == 99


def test_deeper_than_python_allows_is_a_message() -> None:
    with pytest.raises(SpecError, match=r"E103.*recursion limit"):
        cnncalc.analyze(f"3x3x3 -> {'add(' * 900}relu{' | )' * 900}", limits=Limits(nesting=5000))
