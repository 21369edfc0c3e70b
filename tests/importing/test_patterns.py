"""Layers that ONNX files state in parts: attention, its projections and cyclic shifts, with figures by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from tests.importing.onnx_files import block, model, node, tensor, value

HEADS = {
    "m": ("MatMul", "x w", "m", {}),
    "qkv": ("Add", "m b", "qkv", {}),
    "r": ("Reshape", "qkv five", "r", {}),
    "t": ("Transpose", "r", "t", {"perm": [2, 0, 3, 1, 4]}),
    "split": ("Split", "t", "q5 k5 v5", {"axis": 0}),
    "q": ("Squeeze", "q5 zero", "q", {}),
    "k": ("Squeeze", "k5 zero", "k", {}),
    "v": ("Squeeze", "v5 zero", "v", {}),
    "kt": ("Transpose", "k", "kt", {"perm": [0, 1, 3, 2]}),
    "qk": ("MatMul", "q kt", "qk", {}),
    "scores": ("Mul", "qk val_1", "scores", {}),
    "masked": ("Identity", "scores", "masked", {}),
    "p": ("Softmax", "masked", "p", {"axis": -1}),
    "y": ("MatMul", "p v", "y", {}),
    "yt": ("Transpose", "y", "yt", {"perm": [0, 2, 1, 3]}),
    "flat": ("Reshape", "yt three", "flat", {}),
    "o": ("MatMul", "flat u", "o", {}),
    "z": ("Add", "o c", "z", {}),
}
"""Self-attention of 7 positions of 12 features in 3 heads of 4, whose scale is 1/√4."""

CONSTANTS = [
    tensor("w", [12, 36]), tensor("b", [36]), tensor("u", [12, 12]), tensor("c", [12]), tensor("mask", [7, 7]),
    tensor("factor", [3, 1, 1]), tensor("factors", [3, 1, 7]),
    tensor("five", [5], [1, 7, 3, 3, 4]), tensor("three", [3], [1, 7, 12]), tensor("zero", [1], [0]),
    tensor("val_1", [], [0.5], 1), tensor("val_2", [], [0.3], 1), tensor("val_3", [], [1e-12], 1),
    tensor("two", [1], [2]), tensor("minus", [1], [-1]),
]  # fmt: skip
PARAMS, MACS = 12 * 36 + 36 + 12 * 12 + 12, 7 * 12 * 36 + 2 * 3 * 7 * 7 * 4 + 7 * 12 * 12
PARTS = ["dense", "reshape", "permute", "split", "split", "split", "squeeze", "squeeze", "squeeze"]
AROUND = ["permute", "flatten", "dense"]


def analyzed(folder: Path, nodes: dict[str, Any], output: str = "z") -> cnncalc.Report:
    """The report of a file of PyTorch with these nodes."""
    made = [node(op, inputs, outputs, name, **given) for name, (op, inputs, outputs, given) in nodes.items()]
    file = folder / "net.onnx"
    data = model(made, [value("x", [1, 7, 12])], [value(output, [1, 7, 12])], CONSTANTS)
    file.write_bytes(data + block(2, "pytorch"))
    return cnncalc.analyze(file)


@pytest.mark.parametrize(
    ("changed", "types"),
    [
        ({}, ["multi_head_attention"]),
        ({"scores": ("Div", "qk val_1", "scores", {})}, [*PARTS, "attention", *AROUND]),  # a scale of 2
        ({"scores": ("Mul", "qk val_2", "scores", {})}, [*PARTS, "attention", *AROUND]),
        (  # keys as rows, in an equation
            {
                "kt": ("Identity", "k", "kt", {}), "qk": ("Einsum", "q kt", "qk", {"equation": "bhid,bhjd->bhij"}),
                "y": ("Einsum", "p v", "y", {"equation": "bhij,bhjd->bhid"}),
            },
            ["multi_head_attention"],
        ),
        ({"masked": ("Add", "mask scores", "masked", {})}, ["parameter", "multi_head_attention"]),
        (  # keys in columns from the start
            {"k": ("Transpose", "k5", "k", {"perm": [0, 1, 2, 4, 3]}), "kt": ("Squeeze", "k zero", "kt", {})},
            [*PARTS[:-2], "permute", "squeeze", "squeeze", "matmul", "rescaling", "softmax", "matmul", *AROUND],
        ),
        (  # heads that are not side by side
            {"yt": ("Transpose", "y", "yt", {"perm": [0, 2, 3, 1]})},
            [*PARTS, "attention", *AROUND],
        ),
        (  # positions that change places with heads
            {"yt": ("Identity", "y", "yt", {})},
            [*PARTS, "attention", "reshape", "dense"],
        ),
        (  # a softmax over the queries
            {"p": ("Softmax", "masked", "p", {"axis": 2})},
            [*PARTS, "permute", "matmul", "rescaling", "softmax", "matmul", *AROUND],
        ),
        (  # queries and keys of the same units
            {"qk": ("MatMul", "k kt", "qk", {}), "q": ("Squeeze", "q5 zero", "q", {})},
            [*PARTS, "attention", *AROUND],
        ),
    ],
)  # fmt: skip
def test_attention(changed: dict[str, Any], types: list[str], tmp_path: Path) -> None:
    """Products around a softmax are attention, with projections to heads multi-head attention; counts stay the same."""
    report = analyzed(tmp_path, HEADS | changed)
    assert [layer.type for layer in report.layers] == types
    mask = 49 if "masked" in changed else 0
    assert (report.totals.params, report.totals.macs) == (PARAMS + mask, MACS)


def normed(name: str, over: str) -> dict[str, Any]:
    """A division of vectors by their norm, which is at least a number: 1e-12 in PyTorch's `normalize`."""
    return {
        f"n{name}": ("ReduceL2", name, f"n{name}", {"axes": [-1], "keepdims": 1}),
        f"l{name}": ("Clip", f"n{name} val_3", f"l{name}", {}),
        f"u{name}": ("Div", f"{over} l{name}", f"u{name}", {}),
    }


COSINE = {
    **{name: HEADS[name] for name in ("m", "qkv", "r", "t", "split", "q", "k", "v")},
    **normed("q", "q"), **normed("k", "k"), "kt": ("Transpose", "uk", "kt", {"perm": [0, 1, 3, 2]}),
    "qk": ("MatMul", "uq kt", "qk", {}), "scores": ("Mul", "qk factor", "scores", {}),
    **{name: HEADS[name] for name in ("masked", "p", "y", "yt", "flat", "o", "z")},
}  # fmt: skip
"""Attention by the cosine of queries and keys, with a learned factor for each head (Swin v2)."""


def test_cosine_attention(tmp_path: Path) -> None:
    """Queries and keys of length 1; the factor of the scores of a head is one of its queries."""
    report = analyzed(tmp_path, COSINE)
    types = [*PARTS, "unit_norm", "unit_norm", "parameter", "multiply", "attention", *AROUND]
    assert [layer.type for layer in report.layers] == types
    assert (report.totals.params, report.totals.macs) == (PARAMS + 3, MACS)
    settings = {layer.type: layer.settings for layer in report.layers}
    assert (settings["unit_norm"], settings["attention"]["scale"]) == ({"axis": 3}, 1)


@pytest.mark.parametrize(
    ("changed", "type"),
    [
        ({"scores": ("Mul", "qk factors", "scores", {})}, "matmul"),  # another factor for each key
        (
            {"scores": ("Add", "qk mask", "scores", {}), "masked": ("Mul", "scores factor", "masked", {})},
            "matmul",  # of the mask, too
        ),
        (normed("q", "v"), "divide"),  # by another's norm
        ({"nq": ("ReduceL2", "q", "nq", {"axes": [-1], "keepdims": 1}), "lq": ("Identity", "nq", "lq", {})}, "divide"),
    ],
)
def test_what_is_not_cosine_attention_stays(changed: dict[str, Any], type: str, tmp_path: Path) -> None:
    """The parts stay where factors differ by key, and where a divisor is not the norm with a least value."""
    assert type in [layer.type for layer in analyzed(tmp_path, COSINE | changed).layers]


def test_a_mask_that_is_scaled_with_the_scores_stays(tmp_path: Path) -> None:
    """Attention adds its mask after the scale."""
    changed = {"scores": ("Add", "qk mask", "scores", {}), "masked": ("Mul", "scores val_1", "masked", {})}
    types = [layer.type for layer in analyzed(tmp_path, HEADS | changed).layers]
    assert "attention" not in types
    assert types.count("matmul") == 2


@pytest.mark.parametrize("read", ["qk", "p", "scores"])
def test_scores_that_another_layer_reads_stay(read: str, tmp_path: Path) -> None:
    """The weights of attention may be an output."""
    again = {
        "again": ("ReduceMean", read, "again", {"axes": [1, 3], "keepdims": 0}),
        "column": ("Unsqueeze", "again two", "column", {}), "sum": ("Add", "z column", "sum", {}),
    }  # fmt: skip
    types = [layer.type for layer in analyzed(tmp_path, HEADS | again, "sum").layers]
    assert types.count("matmul") == 2


def test_projections_that_another_layer_reads_stay(tmp_path: Path) -> None:
    """A sum reads the heads' features of each position too."""
    again = {"s": ("ReduceSum", "qkv minus", "s", {"keepdims": 1}), "sum": ("Add", "z s", "sum", {})}
    types = [layer.type for layer in analyzed(tmp_path, HEADS | again, "sum").layers]
    assert "attention" in types
    assert "multi_head_attention" not in types


def test_separate_projections_with_other_sizes(tmp_path: Path) -> None:
    """Queries and keys of 2 heads × 3, values of 2 × 5: each projection counts once, and the output has 11 units."""
    nodes = [
        *(node("MatMul", f"x {name}w", f"{name}m", f"{name}m") for name in "qkv"),
        *(node("Reshape", f"{name}m {'s' if name == 'v' else 'r'}", f"{name}r", f"{name}r") for name in "qkv"),
        *(node("Transpose", f"{name}r", f"{name}t", f"{name}t", perm=[0, 2, 1, 3]) for name in "qv"),
        node("Transpose", "kr", "kt", "kt", perm=[0, 2, 3, 1]), node("MatMul", "qt kt", "p", "p"),
        node("Div", "p val_3", "d", "d"), node("Softmax", "d", "e", "e"), node("MatMul", "e vt", "y", "y"),
        node("Transpose", "y", "yt", "yt", perm=[0, 2, 1, 3]), node("Reshape", "yt f", "flat", "flat"),
        node("MatMul", "flat u", "z", "z"),
    ]  # fmt: skip
    constants = [
        tensor("qw", [12, 6]), tensor("kw", [12, 6]), tensor("vw", [12, 10]), tensor("u", [10, 11]),
        tensor("r", [4], [1, 7, 2, 3]), tensor("s", [4], [1, 7, 2, 5]), tensor("f", [3], [1, 7, 10]),
        tensor("val_3", [], [3**0.5], 1),
    ]  # fmt: skip
    file = tmp_path / "net.onnx"
    file.write_bytes(model(nodes, [value("x", [1, 7, 12])], [value("z", [1, 7, 11])], constants))
    report = cnncalc.analyze(file)
    assert report.totals.params == 12 * 6 * 2 + 12 * 10 + 10 * 11
    assert report.totals.macs == 7 * 374 + 7 * 7 * 6 + 7 * 7 * 10
    assert "attention" in [layer.type for layer in report.layers]


@pytest.mark.parametrize(
    ("cuts", "types"),
    [
        ([(3, 7), (0, 3)], ["roll"]),
        ([(6, 7), (0, 6)], ["roll"]),
        ([(3, 7), (0, 4)], None),
        ([(0, 3), (3, 7)], None),
    ],
)
def test_rolls(cuts: list[tuple[int, int]], types: list[str] | None, tmp_path: Path) -> None:
    """The end of an axis before its beginning is a cyclic shift; other parts are not."""
    nodes = [node("Slice", f"x s{k} e{k} axis", f"c{k}", f"c{k}") for k in range(2)]
    nodes.append(node("Concat", "c0 c1", "y", "y", axis=1))
    constants = [tensor("axis", [1], [1])]
    for k, (start, stop) in enumerate(cuts):
        constants += [tensor(f"s{k}", [1], [start]), tensor(f"e{k}", [1], [stop])]
    length = sum(stop - start for start, stop in cuts)
    file = tmp_path / "net.onnx"
    file.write_bytes(model(nodes, [value("x", [1, 7, 12])], [value("y", [1, length, 12])], constants))
    assert [layer.type for layer in cnncalc.analyze(file).layers] == (types or ["slice", "slice", "concat"])


def test_a_shift_by_zero_is_no_part_of_a_roll(tmp_path: Path) -> None:
    """PyTorch's exporter joins an array with a slice of it that has no elements."""
    nodes = [
        node("Slice", "x zero zero two", "none", "none"), node("Concat", "x none", "all", "all", axis=2),
        node("Slice", "all three seven one", "end", "end"), node("Slice", "all zero three one", "start", "start"),
        node("Concat", "end start", "y", "y", axis=1),
    ]  # fmt: skip
    constants = [
        tensor(name, [1], [k]) for name, k in (("zero", 0), ("one", 1), ("two", 2), ("three", 3), ("seven", 7))
    ]
    file = tmp_path / "net.onnx"
    file.write_bytes(model(nodes, [value("x", [1, 7, 12])], [value("y", [1, 7, 12])], constants))
    assert [layer.type for layer in cnncalc.analyze(file).layers] == ["roll"]


WEIGHTS = [tensor(f"{name}w", [12, 12]) for name in "qkvo"]


def test_one_head_without_an_axis_of_heads_stays_attention(tmp_path: Path) -> None:
    """Queries, keys and values of 7 positions: 4 · 7 · 12² MACs of the dense layers and 2 · 7² · 12 of attention."""
    nodes = [
        *(node("MatMul", f"x {name}w", name, name) for name in "qkv"), node("Transpose", "k", "kt", perm=[0, 2, 1]),
        node("MatMul", "q kt", "p"), node("Mul", "p val_1", "s"), node("Softmax", "s", "e", axis=-1),
        node("MatMul", "e v", "y"), node("MatMul", "y ow", "z"),
    ]  # fmt: skip
    scale = tensor("val_1", [], [12**-0.5], 1)
    file = tmp_path / "net.onnx"
    file.write_bytes(
        model(nodes, [value("x", [1, 7, 12])], [value("z", [1, 7, 12])], [*WEIGHTS, scale]) + block(2, "pytorch")
    )
    report = cnncalc.analyze(file)
    assert [layer.type for layer in report.layers] == ["dense", "dense", "dense", "attention", "dense"]
    assert (report.totals.params, report.totals.macs) == (4 * 144, 4 * 7 * 144 + 2 * 49 * 12)


def test_a_query_of_one_position_without_an_axis_of_positions(tmp_path: Path) -> None:
    """Class attention: the first position asks all 7, in 3 heads of 4 features."""
    nodes = [
        node("Gather", "x zero", "c", axis=1), node("MatMul", "c qw", "qm"), node("Reshape", "qm one", "q"),
        *(node("MatMul", f"x {name}w", f"{name}m") for name in "kv"),
        *(node("Reshape", f"{name}m all", f"{name}r") for name in "kv"),
        node("Transpose", "kr", "kt", perm=[0, 2, 3, 1]), node("Transpose", "vr", "v", perm=[0, 2, 1, 3]),
        node("MatMul", "q kt", "p"), node("Mul", "p val_1", "s"), node("Softmax", "s", "e", axis=-1),
        node("MatMul", "e v", "y"), node("Reshape", "y flat", "f"), node("MatMul", "f ow", "z"),
    ]  # fmt: skip
    sizes = [
        tensor("zero", [], [0]), tensor("one", [4], [1, 3, 1, 4]), tensor("all", [4], [1, 7, 3, 4]),
        tensor("flat", [3], [1, 1, 12]), tensor("val_1", [], [0.5], 1),
    ]  # fmt: skip
    file = tmp_path / "net.onnx"
    file.write_bytes(
        model(nodes, [value("x", [1, 7, 12])], [value("z", [1, 1, 12])], [*WEIGHTS, *sizes]) + block(2, "pytorch")
    )
    report = cnncalc.analyze(file)
    types = [layer.type for layer in report.layers]
    assert [types.count(each) for each in ("dense", "attention", "multi_head_attention")] == [4, 1, 0]
    assert (report.totals.params, report.totals.macs) == (4 * 144, (2 + 2 * 7) * 144 + 2 * 3 * 7 * 4)
