"""Weights of a forward pass: their spread, the arrays that layers share, and copies for every position."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from cnncalc.analysis.analyze import load
from cnncalc.forward import weights as drawing
from cnncalc.forward.weights import declared, random_weights, untied


def test_the_spread_of_learned_weights() -> None:
    """Uniform with a variance of 1/fan-in: between ±√(3/fan-in), 5·5·3 products for the kernel and 1 for a bias."""
    weights = random_weights(load("9x9x3 -> conv 80 5x5"), 1, 7)
    for name, fan_in in (("kernel", 75), ("bias", 1)):
        bound = (3 / fan_in) ** 0.5
        assert 0.9 * bound < weights[name].max() <= bound
        assert -bound <= weights[name].min() < -0.9 * bound
        assert weights[name].dtype == np.float32
    assert weights["kernel"].std() == pytest.approx(75**-0.5, rel=0.02)
    assert abs(weights["kernel"].mean()) < 0.01


def test_statistics_are_positive() -> None:
    """Between 0.5 and 1.5, because a root is taken of the variance."""
    weights = random_weights(load("9x9x200 -> batch_norm"), 1, 7)
    assert set(weights) == {"scale", "shift", "mean", "variance"}
    for name in ("mean", "variance"):
        assert 0.5 <= weights[name].min() < 0.55
        assert 1.45 < weights[name].max() <= 1.5
    assert weights["scale"].min() < 0


def test_the_seed_and_the_place_choose_the_weights() -> None:
    graph = load("9x9x3 -> conv 3 3x3 -> conv 3 3x3")
    kernels = [random_weights(graph, index, seed)["kernel"] for index, seed in ((1, 7), (1, 7), (1, 8), (2, 7))]
    assert (kernels[0] == kernels[1]).all()
    assert (kernels[0] != kernels[2]).any()
    assert (kernels[0] != kernels[3]).any()


def test_shared_weights_are_those_of_their_owner() -> None:
    graph = load("9x9x3 -> conv 3 3x3 name=a -> conv 3 3x3 share_weights=a")
    own, shared = (random_weights(graph, index, 7) for index in (1, 2))
    assert all((own[name] == shared[name]).all() for name in ("kernel", "bias"))


def test_copies_for_every_position() -> None:
    """3x2 outputs, each with a kernel of 3x3x3x4 and four biases; a copy can be changed alone."""
    graph = load("5x4x3 -> conv 4 3x3")
    weights = random_weights(graph, 1, 7)
    copies = untied(weights, declared(graph, 1))
    assert {name: copy.shape for name, copy in copies.items()} == {"kernel": (3, 2, 3, 3, 3, 4), "bias": (3, 2, 4)}
    assert (copies["kernel"] == weights["kernel"]).all()
    copies["kernel"][0, 0] = 0
    assert (copies["kernel"][2, 1] == weights["kernel"]).all()


def test_parts_of_a_large_array_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,500 x 1,500 values have nine parts, with the spread of the whole; many threads draw what one draws."""
    graph = load("1500 -> dense 1500")
    before = threading.active_count()
    monkeypatch.setattr(drawing, "threads_of_products", lambda: 1)
    kernel = random_weights(graph, 1, 7)["kernel"]
    monkeypatch.setattr(drawing, "threads_of_products", lambda: 3)
    assert (random_weights(graph, 1, 7)["kernel"] == kernel).all()
    assert threading.active_count() == before
    parts = [kernel.reshape(-1)[start : start + 262_144] for start in range(0, kernel.size, 262_144)]
    for values in parts:
        assert values.std() == pytest.approx(1500**-0.5, rel=0.01)
        assert abs(values.mean()) < 4e-4
    assert len({values[:9].tobytes() for values in parts}) == 9


def test_threads_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system starts one thread, or none, the calling one draws the shares of the others."""
    graph = load("1500 -> dense 1500")
    monkeypatch.setattr(drawing, "threads_of_products", lambda: 3)
    kernel = random_weights(graph, 1, 7)["kernel"]
    start = threading.Thread.start
    for most in (0, 1):
        started: list[threading.Thread] = []

        def limited(thread: threading.Thread, most: int = most, started: list[threading.Thread] = started) -> None:
            if len(started) == most:
                raise RuntimeError("can't start new thread")
            started.append(thread)
            start(thread)

        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", limited)
            assert (random_weights(graph, 1, 7)["kernel"] == kernel).all()
        assert len(started) == most
