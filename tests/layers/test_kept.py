"""The arrays that layers keep for backward, where the total of bytes cannot tell them apart or PyTorch has no layer.

The formulas are those of PyTorch's autograd (derivatives.yaml) and torchvision; the counts are by hand.
"""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.analyze import load
from cnncalc.layers.keeping import INPUTS, NOTHING, REORDERED, Keeps, KeptArray, indices, statistics
from tests.together import for_each


def arrays(name: str, elements: int, item_bytes: int = 0, *, shared: bool = False) -> Keeps:
    return Keeps(arrays=(KeptArray(name, elements, item_bytes, shared),))


ALONE = [
    # x³ needs x; (2x)³ and (x + 1)³ need the base, which is another array
    ("5x7 -> power 3", INPUTS),
    ("5x7 -> power 3 scale=2", arrays("shift + scale·x", 35)),
    ("5x7 -> power 3 shift=1", arrays("shift + scale·x", 35)),
    ("5x7 -> power 1 scale=2", NOTHING),
    # x · scale + offset with the scale computed from four buffers
    ("6x11x12 -> frozen_batch_norm", arrays("scale", 6, shared=True)),
    ("6x5x7 -> group_norm 3", Keeps("all", arrays=statistics(3, "mean", "1/deviation"))),
    # one bin along an axis is not a mean of everything
    ("6x5x7 -> adaptive_avg_pool 1x3", INPUTS),
    ("6x5x7 -> adaptive_avg_pool 1", NOTHING),
    ("6x5x7 -> stochastic_depth 0.2", arrays("mask", 1)),
    ("6x5x7 -> spatial_dropout 0.2", arrays("mask", 6)),
    ("6x5x7 -> gaussian_dropout 0.2", arrays("mask", 210)),
    ("6x5x7 -> gather 2 axis=1", REORDERED),
    ("6x5x7 -> gather count=4 axis=1", Keeps(arrays=(KeptArray("indices", 4, 8, shared=True),))),
    # 7 positions, 3 pairs of 6 features or 2 of 4: a cosine and a sine each
    ("4x7x6 -> rotary_embedding", arrays("cosines and sines", 42, shared=True)),
    ("7x12 -> rotary_embedding heads=2 turned=4", arrays("cosines and sines", 28, shared=True)),
]  # fmt: skip


@for_each("text, keeps", ALONE)
def test_layers_of_one_input(text: str, keeps: Keeps) -> None:
    assert kept(text, "pytorch") == keeps


def kept(text: str, convention: str, **options: Any) -> Keeps:
    """The declaration of the last layer of a spec."""
    graph = load(text, convention=convention, **options)
    node = graph.nodes[-1]
    assert node.layer is not None
    return node.layer.kept(*graph.inputs_of(node), node.shape)


KERAS = [
    ("5x7x6 -> group_norm -1", Keeps("all", arrays=statistics(6, "mean", "1/deviation"))),
    ("5x7 -> masking", arrays("mask", 5)),
    # 4 steps of 6×4 positions and 3 filters: four gates, the state, the cell and its tanh
    ("4x7x5x6 -> conv_lstm 3 2x2", Keeps("all", arrays=(KeptArray("gates and states", 4 * 24 * 3 * 7),))),
    ("4x7x5x6 -> bidirectional(conv_lstm 3 2x2)",
     Keeps("all", arrays=(KeptArray("gates and states", 2 * 4 * 24 * 3 * 7),))),
    # arrays without a batch axis are the same for each step
    ("4x5x7 -> time_distributed(dropout 0.5)", arrays("mask", 4 * 35)),
    ("4x5x7x6 -> time_distributed(max_pool 2)", Keeps("all", arrays=(indices(4 * 2 * 3 * 6),))),
    ("4x5x7x6 -> time_distributed(batch_norm)",
     Keeps("all", arrays=statistics(6, "mean", "1/deviation", shared=True))),
]  # fmt: skip


@for_each("text, keeps", KERAS)
def test_layers_that_pytorch_does_not_have(text: str, keeps: Keeps) -> None:
    assert kept(text, "keras") == keeps


MASK = {"m": [1, 5], "a": [6, 5], "b": [6, 1]}
FACTORS = {"a": [6, 5], "b": [6, 5], "c": [1, 5], "d": [1, 1]}
SEVERAL: list[tuple[dict[str, list[int]], str, Keeps]] = [
    # a·b, and (a·b)·c: all products but the last
    ({"a": [6, 5], "b": [1, 5]}, "multiply", Keeps("others")),
    (FACTORS, "multiply", Keeps("others", arrays=(KeptArray("products", 2 * 30),))),
    # a mask is of bools, and only as large as it is given
    ({"a": [6, 5], "m": [1, 5]}, "masked_fill", arrays("mask", 5, 1)),
    (MASK, "where", arrays("condition", 5, 1)),
    ({"a": [3, 6], "b": [3, 1]}, "pairwise_distance", Keeps(output=True, arrays=(KeptArray("difference", 18),))),
    ({"a": [3, 1], "b": [3, 6]}, "pairwise_distance", Keeps(output=True, arrays=(KeptArray("difference", 18),))),
    ({"x": [4, 7, 6], "cosines": [7, 3], "sines": [7, 3]}, "rotary_embedding", Keeps((1, 2))),
    # torchvision keeps the boxes and an int32 position for each of 2·5 cells and 6 channels
    ({"map": [6, 11, 12], "boxes": [3, 4]}, "roi_pool 2x5", Keeps((1,), arrays=(KeptArray("argmax", 60, 4),))),
    # a cell without a state: zeros, four gates and the tanh of the cell
    ({"x": [5]}, "lstm_cell 3", Keeps("all", arrays=(KeptArray("gates and states", 6 * 3),))),
    ({"x": [5], "h": [3]}, "lstm_cell 3", Keeps("all", arrays=(KeptArray("gates and states", 6 * 3),))),
    ({"x": [5], "h": [3], "c": [3]}, "lstm_cell 3", Keeps("all", arrays=(KeptArray("gates and states", 5 * 3),))),
]  # fmt: skip


@for_each("inputs, item, keeps", SEVERAL)
def test_layers_of_several_inputs(inputs: dict[str, list[int]], item: str, keeps: Keeps) -> None:
    spec = {"input": inputs, "layers": [f"{item} from=[{', '.join(inputs)}]"]}
    assert kept(spec, "pytorch") == keeps  # type: ignore[arg-type]


UNBATCHED = [
    ("6x5 -> masked_fill(identity | parameter 6x1)", arrays("mask", 6, 1, shared=True)),
    ("6x5 -> where(parameter 6x1 | identity | identity)", arrays("condition", 6, 1, shared=True)),
    ("6x5 -> where(identity | parameter 6x1 | identity)", arrays("condition", 30, 1)),
]


@for_each("text, keeps", UNBATCHED)
def test_a_learned_mask_is_kept_once(text: str, keeps: Keeps) -> None:
    """A mask without a batch axis is one array for all samples; a learned value beside it changes nothing."""
    assert kept(text, "pytorch") == keeps
