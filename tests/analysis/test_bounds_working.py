"""The working of bytes and of bounds of time, against hand arithmetic and against the counted bytes."""

from __future__ import annotations

from cnncalc.analysis.analyze import load
from cnncalc.analysis.explain import explanations
from cnncalc.analysis.explanation import Explanation
from cnncalc.analysis.roofline.bounds import bounds_of
from cnncalc.analysis.roofline.bounds_working import with_bounds
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import load_all
from tests.together import for_each


def worked(spec: str, device: str = "", batch: int = 1, dtype: str = "float32") -> Explanation:
    """The working of the last layer."""
    graph = load(spec)
    (found,) = explanations(graph, graph.nodes[-1:], batch=batch)
    layer = bounds_of(graph, device=device, batch=batch, dtype=dtype).layers[-1]
    return with_bounds(graph, graph.nodes[-1], found, layer, batch=batch, dtype=dtype)


@for_each(
    "spec, batch, dtype, read, written",
    [
        (
            "32x32x3 -> conv 20 8x8 s2 p1", 1, "float32",
            "4·(W·W·Cᵢ + weights) = 4·(32·32·3 + 3,860) = 4·6,932 = 27,728",
            "4·(O·O·Cₒ) = 4·(14·14·20) = 4·3,920 = 15,680",
        ),
        (
            "7 -> dense 5", 11, "float16",
            "2·(n·B + weights) = 2·(7·11 + 40) = 2·117 = 234", "2·(units·B) = 2·(5·11) = 2·55 = 110",
        ),
        ("7x5x3 -> flatten", 1, "float32", "", ""),
    ],
)  # fmt: skip
def test_bytes(spec: str, batch: int, dtype: str, read: str, written: str) -> None:
    """Inputs and weights are read, the output is written; a view moves nothing."""
    found = worked(spec, batch=batch, dtype=dtype)
    lines = [" = ".join(each.numbers.text.chain) for each in found.traffic]
    assert lines == [line for line in (read, written) if line]


def test_bounds_of_time() -> None:
    """752,640 MACs, two FLOPs each, and 3,920 biases; 27,728 + 15,680 bytes; at 1 TFLOP/s and 1 GB/s."""
    found = worked("32x32x3 -> conv 20 8x8 s2 p1", device="1 TFLOP/s, 1 GB/s").bounds
    assert [(each.name, each.formula, each.value) for each in found] == [
        ("intensity", "1,509,200 FLOPs / 43,408 bytes", "34.8 FLOPs per byte"),
        ("arithmetic", "1,509,200 FLOPs / (1 TFLOP/s)", "1.51 µs"),
        ("memory", "43,408 bytes / (1 GB/s)", "43.4 µs"),
        ("least time", "max(1.51 µs, 43.4 µs)", "43.4 µs, bound by memory"),
    ]


@for_each("kind", load_all())
def test_the_formulas_give_the_counted_bytes(kind: type[Layer]) -> None:
    """For every layer type: the formulas have the values that `bounds` counts."""
    for example in kind.examples:
        graph = load(example)
        counted = {layer.name: layer for layer in bounds_of(graph).layers}
        nodes = [node for node in graph.nodes if isinstance(node.layer, kind)]
        for node, explanation in zip(nodes, explanations(graph, nodes), strict=True):
            layer = counted[node.name]
            values = [each.numbers.value for each in with_bounds(graph, node, explanation, layer).traffic]
            assert values == ([layer.bytes_read, layer.bytes_written] if layer.bytes else [])
