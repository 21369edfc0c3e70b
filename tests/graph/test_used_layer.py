"""The results of a layer's rules on inputs of given shapes, each computed once."""

from __future__ import annotations

import pytest

from cnncalc.arithmetic.convention import Shape, setting
from cnncalc.diagnostics import Refusal
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.used_layer import UsedLayer
from cnncalc.layers.convolution.conv import Conv
from cnncalc.layers.counts import Counts
from cnncalc.layers.reshaping.identity import Identity

CONV = Conv(setting(), filters=5, kernel=3, stride=2)
"""On 11x7x2: 5x3x5, 3·3·2·5 + 5 = 95 parameters, 15·90 = 1,350 MACs, and 75 additions of biases."""


def test_the_values_of_the_rules() -> None:
    use = UsedLayer(CONV, ((11, 7, 2),))
    assert use.output == (5, 3, 5)
    assert use.counts == Counts(95, 0, 95 * 15, 0, 1350, 2 * 1350 + 75)
    assert isinstance(use.reach, tuple)
    assert [(taps.cells, taps.advance) for taps in use.reach] == [((range(3),), 2), ((range(3),), 2)]


@pytest.mark.parametrize(("rule", "value"), [("shape", "output"), ("weights", "counts"), ("reach", "reach")])
def test_a_rule_is_asked_once(rule: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Shape] = []
    answer = getattr(Conv, rule)

    def asking(self: Conv, *shapes: Shape) -> object:
        asked.append(shapes[0])
        return answer(self, *shapes)

    monkeypatch.setattr(Conv, rule, asking)
    use = UsedLayer(CONV, ((11, 7, 2),))
    first = getattr(use, value)
    assert getattr(use, value) is first
    assert asked == [(11, 7, 2)]


def test_a_reach_without_positions_is_kept_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """None says that the pattern is too long; the rule is not asked again."""
    asked = []
    monkeypatch.setattr(Identity, "reach", lambda self, x: asked.append(x))
    use = UsedLayer(Identity(setting()), ((3,),))
    assert (use.reach, use.reach, asked) == (None, None, [(3,)])


@pytest.mark.parametrize(
    ("shape", "message"),
    [((1,) * 32, ""), ((1,) * 33, "33 axes; the limit is 32"), ((2**128,), ""), ((2**127, 3), "elements")],
)
def test_limits_of_an_output(shape: Shape, message: str) -> None:
    if not message:
        assert UsedLayer(Identity(setting()), (shape,)).output == shape
        return
    with pytest.raises(Refusal, match=message) as refusal:
        UsedLayer(Identity(setting()), (shape,))
    assert refusal.value.code == "E103"


def test_a_cache_has_one_use_of_a_layer_on_equal_shapes() -> None:
    cache = BuildCache()
    first = cache.use(CONV, ((11, 7, 2),))
    assert cache.use(CONV, ((11, 7, 2),)) is first
    assert cache.use(CONV, ((11, 7, 3),)) is not first
    assert cache.use(Conv(setting(), filters=5, kernel=3), ((11, 7, 2),)) is not first
    assert BuildCache().use(CONV, ((11, 7, 2),)) is not first
