"""The name of a layer that has several outputs, where one is needed."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError


@pytest.mark.parametrize(
    ("parts", "message", "hint"),
    [
        (1, '"s" has one output, with a name of its own', "write s.0"),
        (2, '"s" has 2 outputs, and one is needed', "write s.0 or s.1"),
        (4, '"s" has 4 outputs, and one is needed', "write s.0, s.1, s.2 or s.3"),
        (5, '"s" has 5 outputs, and one is needed', "write one of s.0, s.1, s.2 … s.4"),
    ],
)
def test_the_outputs_to_choose_from(parts: int, message: str, hint: str) -> None:
    """20 channels are divided into parts; up to four of them are listed."""
    with pytest.raises(SpecError) as caught:
        load(f"9x9x20 -> split {parts} name=s -> relu from=s")
    (found,) = caught.value.diagnostics
    assert (found.message, found.hint) == (message, hint)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("relu name=a -> relu from=a.0", 'no layer "a.0" before this one'),
        ("relu -> relu from=relu_7", 'no layer "relu_7" before this one'),
        ("split 2 name=s -> relu from=s.2", 'no layer "s.2" before this one'),
    ],
)
def test_outputs_that_a_layer_has_not(layers: str, message: str) -> None:
    """A layer that is built has no others: the name is a mistake of its own."""
    with pytest.raises(SpecError) as caught:
        load(f"9x9x20 -> {layers}")
    assert [found.message for found in caught.value.diagnostics] == [message]


def test_a_group_is_not_yet_a_layer_inside_itself() -> None:
    """It has the names of its own layers so far, not of those inside them."""
    text = "input: 9x9x3\nlayers: [{name: s, layers: [{name: t, layers: [relu name=u]}, {relu: ~, from: s}]}]"
    with pytest.raises(SpecError) as caught:
        load(text)
    (found,) = caught.value.diagnostics
    assert (found.message, found.hint) == ('"s" has one output, with a name of its own', "write s.t")
