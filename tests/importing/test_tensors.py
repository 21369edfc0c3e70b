"""Operations of a program as layers without a batch axis: which layers they become, and where the batch goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.importing.tensors import arithmetic, lookup, movement, normalizing, parts, products, reductions, windows
from cnncalc.importing.tensors.tape import Tape, TapePosition
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, TapeArray, TapeTensor
from tests.together import for_each

B = 211
Step = Callable[[Tape, TapeTensor], TapeTensor]


def played(dims: tuple[int, ...], *steps: Step, batch: int = 0) -> tuple[Tape, TapeTensor]:
    """A tape after operations on one input, and the last result."""
    tape = Tape("pytorch", "CHW", B)
    x = tape.input("x", dims, batch)
    for number, step in enumerate(steps):
        tape.at(TapePosition(f"op{number}"))
        x = step(tape, x)
    return tape, x


def reshape(*sizes: int) -> Step:
    return lambda tape, x: movement.reshape(tape, x, sizes)


def permute(*order: int) -> Step:
    return lambda tape, x: movement.permute(tape, x, order)


def learned(*dims: int, name: str = "p") -> TapeArray:
    return TapeArray(dims, name, learned=True)


MOVES: list[tuple[tuple[int, ...], list[Step], list[tuple[str, dict[str, Any]]], BatchAxis]] = [
    ((B, 5, 7), [permute(1, 0, 2)], [], BatchAxis(1)),
    ((B, 5, 7), [permute(1, 2, 0)], [], BatchAxis(2)),
    ((B, 5, 7), [permute(0, 2, 1)], [("permute", {"order": [2, 1]})], BatchAxis(0)),
    ((B, 5, 7), [reshape(B, 35)], [("flatten", {})], BatchAxis(0)),
    ((B, 5, 7, 3), [reshape(B, 5, 21)], [("flatten", {"start": 2, "end": 3})], BatchAxis(0)),
    ((B, 5, 12), [reshape(B, 5, 3, 4)], [("reshape", {"shape": [5, 3, 4]})], BatchAxis(0)),
    ((B, 5), [reshape(B, 5, 1, 1)], [("unsqueeze", {"axis": [2, 3]})], BatchAxis(0)),
    ((B, 5, 1, 1), [reshape(B, 5)], [("flatten", {})], BatchAxis(0)),
    ((B, 5, 1, 7), [reshape(B, 5, 7)], [("squeeze", {"axis": 2})], BatchAxis(0)),
    ((B, 5, 7), [reshape(B * 5, 7)], [], BatchAxis(0, 1, 5)),
    ((B, 5, 7), [reshape(B * 5, 7), reshape(B, 5, 7)], [], BatchAxis(0)),
    ((B, 5, 7), [permute(1, 0, 2), reshape(5 * B, 7)], [], BatchAxis(0, 5, 1)),
    ((B, 5, 7), [permute(1, 0, 2), reshape(5 * B, 7), reshape(5, B, 7)], [], BatchAxis(1)),
]  # fmt: skip


@for_each(("dims", "steps", "layers", "batch"), MOVES)
def test_only_what_moves_within_a_sample_is_a_layer(
    dims: tuple[int, ...], steps: list[Step], layers: list[tuple[str, dict[str, Any]]], batch: BatchAxis
) -> None:  # fmt: skip
    """Moving the batch, merging it with an axis and parting them again changes no sample."""
    tape, x = played(dims, *steps)
    assert [(layer.type, layer.arguments) for layer in tape.layers] == layers
    assert x.batch == batch


def test_windows_of_a_swin_transformer() -> None:
    """14x14 positions in windows of 7x7 are 4 sequences of 49; attention runs over them, and back."""
    tape, x = played(
        (B, 14, 14, 6), reshape(B, 2, 7, 2, 7, 6), permute(0, 1, 3, 2, 4, 5), reshape(B * 4, 49, 6),
        lambda tape, x: products.linear(tape, x, learned(18, 6, name="qkv.weight"), learned(18, name="qkv.bias")),
        reshape(B * 4, 49, 3, 2, 3), permute(2, 0, 3, 1, 4),
    )  # fmt: skip
    assert x.dims == (3, B * 4, 2, 49, 3)
    assert x.sample == (3, 4, 2, 49, 3)
    q, k, v = (parts.select(tape, x, 0, index) for index in range(3))
    scores = products.matmul(tape, q, movement.transpose(tape, k, -2, -1))
    biased = arithmetic.combine(tape, "add", [scores, learned(1, 2, 49, 49, name="table")])
    weights = reductions.along(tape, "softmax", biased, -1)
    y = products.matmul(tape, weights, v)
    y = movement.reshape(tape, movement.transpose(tape, y, 1, 2), (B * 4, 49, 6))
    y = movement.reshape(tape, y, (B, 2, 2, 7, 7, 6))
    assert (y.dims, y.sample, y.batch) == ((B, 2, 2, 7, 7, 6), (2, 2, 7, 7, 6), BatchAxis(0))
    assert [layer.type for layer in tape.layers if layer.type not in ("reshape", "permute", "flatten")] == [
        "dense", "gather", "gather", "gather", "matmul", "parameter", "add", "softmax", "matmul",
    ]  # fmt: skip


def test_a_token_and_a_position_table_are_parameters_without_a_batch() -> None:
    """A class token is repeated for the batch by the layer that uses it: 16 patches and the token are 17."""
    tape = Tape("pytorch", "CHW", B)
    x = tape.input("x", (B, 16, 8), 0)
    token = movement.expand(tape, learned(1, 1, 8, name="token"), (B, -1, -1))
    x = parts.concat(tape, [token, x], 1)
    x = arithmetic.combine(tape, "add", [x, learned(1, 17, 8, name="positions")])
    assert x.dims == (B, 17, 8)
    assert [(layer.type, layer.stated_shape) for layer in tape.layers] == [
        ("parameter", (1, 8)), ("concat", (17, 8)), ("parameter", (17, 8)), ("add", (17, 8)),
    ]  # fmt: skip


@pytest.mark.parametrize(("dims", "arrangement"), [
    ((7, B, 8), (7, 1, 8)), ((B, 8, 5, 3), (8, 1, 1)), ((B, 8, 5, 3), (1, 8, 1, 1)), ((B, 5, 8), (8,)),
])  # fmt: skip
def test_an_array_is_added_where_the_batch_is(dims: tuple[int, ...], arrangement: tuple[int, ...]) -> None:
    """The axis of 1 that an array has for the batch is no axis of a sample."""
    tape = Tape("pytorch", "CHW", B)
    x = tape.input("x", dims, dims.index(B))
    y = arithmetic.combine(tape, "add", [x, learned(*arrangement)])
    assert (y.dims, y.batch) == (x.dims, x.batch)


def test_frames_of_a_video_are_steps() -> None:
    """A convolution over B·T images is one over T steps of a sample; after the reshape the steps are an axis."""
    kernel = learned(4, 3, 3, 3, name="conv.weight")
    tape, x = played(
        (B, 5, 3, 8, 8), reshape(B * 5, 3, 8, 8),
        lambda tape, x: windows.convolve(tape, x, kernel, None, {"padding": 1}),
        lambda tape, x: normalizing.batch_norm(tape, x, learned(4, name="w"), learned(4, name="b")),
        reshape(B, 5, 4, 8, 8),
    )  # fmt: skip
    assert [layer.type for layer in tape.layers] == ["time_distributed", "time_distributed"]
    assert (x.dims, x.sample) == ((B, 5, 4, 8, 8), (5, 4, 8, 8))


def test_weights_that_two_layers_use_are_counted_once() -> None:
    """The second use of both arrays shares them; a table that is also the head's matrix is tied, with a new bias."""
    table, bias = learned(11, 6, name="table"), learned(11, name="bias")
    tape, x = played((B, 5), lambda tape, x: lookup.embed(tape, table, x))
    products.linear(tape, x, table, bias)
    assert [(layer.type, layer.shares) for layer in tape.layers] == [("embedding", None), ("dense", "op0")]


def test_a_sum_over_the_batch_is_not_said() -> None:
    """A mean over samples, a part of the batch, and a reshape that cuts it apart have no layer."""
    steps: list[Step] = [
        lambda tape, x: reductions.reduce(tape, "reduce_mean", x, [0]),
        lambda tape, x: parts.select(tape, x, 0, 1),
        lambda tape, x: parts.slice_(tape, x, 0, 0, 2),
        reshape(5, B, 7),
        lambda tape, x: products.einsum(tape, "bij,bij->ij", [x, x]),
    ]
    for step in steps:
        with pytest.raises(NotSaid):
            played((B, 5, 7), step)


def test_a_failed_attempt_leaves_nothing() -> None:
    """The layers, names and arrays of an operation that fails are gone."""
    tape = Tape("pytorch", "CHW", B)
    x = tape.input("x", (B, 5), 0)

    def attempt() -> None:
        with tape.trying():
            products.linear(tape, x, learned(3, 5))
            tape.append("conv", {"filters": 2, "kernel": 3}, [x], (B, 2), BatchAxis(0))

    with pytest.raises(Refusal):
        attempt()
    assert (tape.layers, tape.owners) == ([], {})


@pytest.mark.parametrize("equation", ["bhqd,bhkd->bhqk", "hbqd,hbkd->hbqk", "bhqd,hdk->bhqk", "hqbd,bhkd->hqbk"])
def test_an_einstein_sum_starts_with_the_batch(equation: str) -> None:
    """The letter of the batch comes first, wherever it is in the program; an array has none."""
    left, _ = equation.split("->")
    sizes = {"b": B, "h": 2, "q": 7, "k": 5, "d": 3}
    tape = Tape("pytorch", "CHW", B)
    values = [
        tape.input(term, tuple(sizes[each] for each in term), term.index("b")) if "b" in term
        else learned(*(sizes[each] for each in term))
        for term in left.split(",")
    ]  # fmt: skip
    y = products.einsum(tape, equation, values)
    assert y.sample == (2, 7, 5)
    assert y.batch == BatchAxis(equation.split("->")[1].index("b"))


@pytest.mark.parametrize(
    ("dims", "sizes", "batch"),
    [
        ((11, 1, 35), (11, 5, 7), BatchAxis(1, 1, 5)),  # features split into heads
        ((11, 1, 5, 7), (11, 35), BatchAxis(0, 11, 1)),  # heads joined to features
        ((11, 1, 5, 7, 3), (11, 35, 3), BatchAxis(1, 1, 35)),  # positions merged, the features after them kept
    ],
)
def test_a_batch_of_one_merges_with_a_neighbour(
    dims: tuple[int, ...], sizes: tuple[int, ...], batch: BatchAxis
) -> None:  # fmt: skip
    """The sizes do not say with which: what programs write decides."""
    tape = Tape("pytorch", "CHW", 1)
    assert movement.reshape(tape, tape.input("x", dims, 1), sizes).batch == batch
