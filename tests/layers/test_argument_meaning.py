"""Arguments of frameworks that name no field, and the defaults that frameworks give."""

from __future__ import annotations

import pytest

from cnncalc.layers.argument_meaning import meaning
from cnncalc.layers.base import Layer
from cnncalc.layers.convolution.conv import Conv
from cnncalc.layers.regularization.activity_regularization import ActivityRegularization


def test_what_an_argument_means() -> None:
    """PyTorch's in_channels states the input's channels; a Keras initializer changes no shape."""
    stated, ignored = meaning(Conv, "in_channels"), meaning(Conv, "kernel_initializer")
    assert stated is not None
    assert stated.states
    assert ignored is not None
    assert (ignored.states, ignored.refused, ignored.field) == (stated.states.__class__(), "", "")
    assert meaning(Conv, "colour") is None


DEFAULTS = [
    # type, field, the framework's default
    (ActivityRegularization, "l1", 0.0),  # keras.layers.ActivityRegularization(l1=0.0, l2=0.0)
    (ActivityRegularization, "l2", 0.0),
]


@pytest.mark.parametrize(("kind", "field", "default"), DEFAULTS)
def test_defaults_of_the_frameworks(kind: type[Layer], field: str, default: float) -> None:
    assert kind.fields[field].default == default
