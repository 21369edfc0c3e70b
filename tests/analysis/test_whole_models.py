"""The field of a whole model, and the equality of two networks."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.compare import compare
from cnncalc.analysis.model_field import receptive_field, traced_field
from cnncalc.analysis.same_network import differences
from tests.together import for_each

CONV = "9x9x3 -> conv 4 3x3"


@for_each(
    ("spec", "convention", "field", "traced"),
    [
        (CONV, None, (3, 3), (3, 3)),
        (f"{CONV} -> flatten -> dense 5", None, (3, 3), (3, 3)),  # these have no positions
        (f"{CONV} -> global_avg_pool -> dense 5", None, (3, 3), (3, 3)),
        ("3x9x9 -> conv 4 3x3 -> global_avg_pool", "pytorch", (3, 3), (3, 3)),
        (f"{CONV} -> squeeze_excite 2", None, (9, 9), (9, 9)),  # each position sees everything
        ("9x9x3 -> mha 1", None, (9, 9), (9, 9)),
        (f"{CONV} -> permute 2x1x3", None, (3, 3), None),  # height and width are swapped, the field is lost
        (f"{CONV} -> permute 2x1x3 -> flatten", None, (3, 3), None),
        ("9x9x3 -> permute 2x1x3 -> relu", None, None, None),
        ("9 -> dense 3", None, None, None),
        ("9x3 -> lstm 3 return_sequences=true", None, (9,), (9,)),
        ("9x3 -> lstm 3", None, None, None),
    ],
)
def test_the_field_of_a_model(
    spec: str, convention: str | None, field: tuple[int, ...] | None, traced: tuple[int, ...] | None
) -> None:
    """That of the last layer with positions; it is not traced if a later layer with positions has none."""
    report = examine(spec, convention=convention)[1]
    assert (receptive_field(report), traced_field(report)) == (field, traced)


@for_each(
    ("one", "other", "expected"),
    [
        (f"{CONV} relu -> max_pool 2", f"{CONV} name=stem -> relu -> max_pool 2", []),
        ("9x9x3 -> relu -> relu", "9x9x3 -> relu", ["only the first has relu 9x9x3"]),
        ("9x9x3 -> relu", "9x9x3 -> relu -> relu", ["only the second has relu 9x9x3"]),
        (f"{CONV}", f"{CONV} bias=false",
         ["only the first has conv 7x7x4, 112 parameters, 5292 MACs",
          "only the second has conv 7x7x4, 108 parameters, 5292 MACs"]),
        # parameters without products, and products without parameters
        ("9x9x4 -> batch_norm", "9x9x4 -> identity", ["only the first has batch_norm 9x9x4, 8 parameters, 0 MACs",
                                                      "only the second has identity 9x9x4"]),
        ("5x4 -> matmul(identity | identity) transpose_b=true", "5x4 -> identity -> flatten",
         ["only the first has identity 5x4", "only the first has matmul 5x5, 0 parameters, 100 MACs",
          "only the second has flatten 20"]),
        # what comes after another layer is another layer
        (f"{CONV} relu -> max_pool 2", f"{CONV} tanh -> max_pool 2",
         ["only the first has relu 7x7x4", "only the first has max_pool 3x3x4", "only the second has tanh 7x7x4",
          "only the second has max_pool 3x3x4"]),
        ("9x9x3 -> flatten", "81x3 -> flatten", ["only the first has flatten 243", "only the second has flatten 243"]),
    ],
)  # fmt: skip
def test_two_networks(one: str, other: str, expected: list[str]) -> None:
    """An activation is a layer, whether it is written in a field or after it; names do not matter."""
    assert differences(examine(one), examine(other)) == expected


def test_a_layer_under_every_rule() -> None:
    """(32 − 8 + 2)/2 + 1 = 14; SAME is 32/2, and VALID (32 − 8)/2 + 1; ceil_mode is for pools alone."""
    rulings = compare("32x32x3 -> conv 20 8x8 s2 p1")["conv_1"]
    assert [(each.rule, each.output_shape, each.differs) for each in rulings] == [
        ("as written", (14, 14, 20), False), ("course formula", (14, 14, 20), False),
        ("course formula, exact", (14, 14, 20), False), ("TensorFlow SAME", (16, 16, 20), True),
        ("TensorFlow VALID", (13, 13, 20), True), ("Keras", (14, 14, 20), False), ("PyTorch", (14, 14, 20), False),
        ("ONNX", (14, 14, 20), False), ("Caffe", (14, 14, 20), False),
    ]  # fmt: skip
    assert {(each.params, each.unshared_params) for each in rulings if each.output_shape == (14, 14, 20)} == {
        (3860, 756_560)
    }


def test_a_pool_under_every_rule() -> None:
    """(8 − 3)/2 + 1 = 3.5: 3, or 4 where it is rounded up; the exact rule refuses it."""
    rulings = {each.rule: each for each in compare("8x8x4 -> max_pool 3 s2")["max_pool_1"]}
    rounded_up = {rule for rule, each in rulings.items() if each.output_shape == (4, 4, 4)}
    assert rounded_up == {"TensorFlow SAME", "PyTorch, ceil_mode", "Caffe"}
    exact = rulings["course formula, exact"]
    assert (exact.output_shape, exact.params, exact.unshared_params, exact.differs) == (None, None, None, True)
    assert exact.refusal


def test_statistics_under_keras() -> None:
    """Four numbers per channel instead of two; other layers have no padding or rounding to vary."""
    rulings = compare("8x8x16 -> batch_norm", "batch_norm_1")["batch_norm_1"]
    assert {each.rule: each.params for each in rulings} == {
        "as written": 32, "course formula": 32, "Keras": 64, "PyTorch": 32, "ONNX": 32, "Caffe": 32,
    }  # fmt: skip
    assert {each.rule: each.unshared_params for each in rulings} == {  # at 64 positions
        "as written": 2048, "course formula": 2048, "Keras": 4096, "PyTorch": 2048, "ONNX": 2048, "Caffe": 2048,
    }  # fmt: skip
    with pytest.raises(KeyError, match='there is no layer "conv_1"'):
        compare("8x8x16 -> batch_norm", "conv_1")


@pytest.mark.parametrize("branches", ["permute 2x1x3 | identity", "identity | permute 2x1x3", "permute 2x1x3 | relu"])
def test_a_branch_whose_field_is_undefined(branches: str) -> None:
    """Then the merge's is, too; a convolution beside an identity sees what both see."""
    assert examine(f"9x9x3 -> add({branches})")[1].layers[-1].receptive_field is None
    assert examine("9x9x3 -> add(conv 3 3x3 p1 | identity)")[1].layers[-1].receptive_field == (3, 3)
