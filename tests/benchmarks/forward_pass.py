"""One engine's forward pass of one spec, in a process of its own: `forward_pass.py numpy|pytorch SPEC RUNS`.

Prints the seconds of the first run and the median of the others, weights in place, and the peak memory of the process
in bytes. The engine `verify` is `cnncalc.verify`, which also draws the weights.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from statistics import median

from cnncalc.analysis.analyze import load

THREADS = 2


def numpy_pass(spec: str) -> Callable[[], object]:
    from cnncalc.forward.run import random_inputs, run
    from cnncalc.forward.weights import random_weights

    graph = load(spec)
    inputs = random_inputs(graph, seed=0, batch=1)
    drawn = {index: random_weights(graph, index, 0) for index, node in enumerate(graph.nodes) if node.layer is not None}

    def forward() -> None:
        for _ in run(graph, inputs, draw=lambda graph, index, seed: drawn[index]):
            pass

    return forward


def pytorch_pass(spec: str) -> Callable[[], object]:
    import torch

    from tests.oracles.torch_network import Network

    torch.set_num_threads(THREADS)
    return Network(load(spec)).run


def verify_pass(spec: str) -> Callable[[], object]:
    from cnncalc.forward.verify import verify

    return lambda: verify(spec)


def main() -> None:
    engine, spec, runs = sys.argv[1:]
    forward = {"numpy": numpy_pass, "pytorch": pytorch_pass, "verify": verify_pass}[engine](spec)
    taken = []
    for _ in range(1 + int(runs)):
        start = time.perf_counter()
        forward()
        taken.append(time.perf_counter() - start)
    print(taken[0], median(taken[1:]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    main()
