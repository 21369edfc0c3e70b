"""References to what a model or the zoo does not have, and to what it has."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.analysis.compare import compare
from cnncalc.analysis.zoo import Filters, entries
from cnncalc.diagnostics import SpecError, UnknownLayerError


def test_comparing_one_layer() -> None:
    """A kernel of 8 with stride 2 and padding 1 on 32 gives (32 - 8 + 2)/2 + 1 = 14."""
    spec = "32x32x3 -> conv 20 8x8 s2 p1 -> relu"
    assert list(compare(spec)) == ["conv_1", "relu_1"]
    (name, rulings), *others = compare(spec, "conv_1").items()
    assert (name, rulings[0].output_shape, others) == ("conv_1", (14, 14, 20), [])
    with pytest.raises(UnknownLayerError, match='no layer "conv_2"'):
        compare(spec, "conv_2")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dtype": "float8"}, 'dtype: unknown word "float8". Allowed: float64, float32,'),
        ({"convention": "theano"}, 'convention: unknown word "theano". Allowed: formula,'),
        ({"layout": "WHC"}, 'layout: unknown word "WHC". Allowed: HWC, CHW'),
        ({"convention": 3}, "convention: got 3. Allowed: formula,"),
        ({"layout": ["HWC"]}, "layout: got ['HWC']. Allowed: HWC, CHW"),
        ({"dtype": 32}, "dtype: got 32. Allowed: float64, float32,"),
        ({"variables": [1]}, "variables: got [1], but a mapping of names to values is needed"),
        ({"variables": {1: 2}}, "variables: got {1: 2}, but a mapping of names to values is needed"),
        ({"batch": 0}, "batch: got 0, but it must be a positive whole number"),
    ],
)
def test_words_that_analyze_does_not_know(options: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze("5x7x3 -> relu", **options)  # type: ignore[arg-type]
    (found,) = caught.value.diagnostics
    assert found.message.startswith(message)


def test_filters_of_the_zoo_hold_together() -> None:
    """A name and a family select what both select: no VGG is called resnet50."""
    assert [entry.name for entry in entries(Filters(name="vgg16_bn", family="vgg"))] == ["vgg16_bn"]
    assert list(entries(Filters(name="resnet50", family="vgg"))) == []
