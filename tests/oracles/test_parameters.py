"""PyTorch on the table of `tests/layers/test_parameter.py`: a batch of two meets a parameter."""

from __future__ import annotations

import pytest

from tests.layers.test_parameter import MEETINGS

torch = pytest.importorskip("torch")


@pytest.mark.parametrize(("item", "x", "p", "expression", "expected"), [case for case in MEETINGS if case[3]])
def test_pytorch_agrees(item, x, p, expression, expected):
    """The output's shape behind the batch; where it is None, an error."""
    batch, parameter = torch.rand(11, *x), torch.rand(*p)
    expression = expression.replace("expand(2", "expand(11")
    if expected is None:
        with pytest.raises(RuntimeError):
            eval(expression, {"torch": torch, "x": batch, "p": parameter})
        return
    assert tuple(eval(expression, {"torch": torch, "x": batch, "p": parameter}).shape) == (11, *expected)
