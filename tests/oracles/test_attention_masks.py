"""Masks and leading axes of attention, number by number against PyTorch and Keras where they are installed."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.layers.base import Layer
from tests.layers.layer_making import make

Shape = tuple[int, ...]

CLOSE = {"rtol": 1e-4, "atol": 1e-4}


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


def weights_of(layer: Layer, *inputs: Shape) -> dict[str, np.ndarray]:
    return {weight.name: normal(*weight.shape) for weight in layer.weights(*inputs, layer.shape(*inputs))}


@pytest.mark.parametrize("mask", [(5, 7), (4, 5, 7), (1, 5, 7), (4, 1, 7), (4, 5, 1), (7,)])
def test_scaled_dot_product_attention_adds_its_mask(mask: Shape) -> None:
    """torch.nn.functional.scaled_dot_product_attention with attn_mask, a mask for each sample."""
    torch = pytest.importorskip("torch")
    q, k, v, m = normal(2, 4, 5, 8), normal(2, 4, 7, 8), normal(2, 4, 7, 6), normal(2, *mask)
    layer = make("attention", "pytorch")
    assert layer.shape((4, 5, 8), (4, 7, 8), (4, 7, 6), mask) == (4, 5, 6)
    wide = m.reshape(2, *[1] * (3 - len(mask)), *mask)
    theirs = torch.nn.functional.scaled_dot_product_attention(*map(torch.tensor, (q, k, v, wide)))
    np.testing.assert_allclose(layer.forward(np, q, k, v, m), theirs.numpy(), **CLOSE)


@pytest.mark.parametrize(
    ("options", "fields"),
    [({}, {}), ({"add_bias_kv": True}, {"key_value_bias": True}), ({"add_zero_attn": True}, {"zero_attention": True})],
)
def test_multi_head_attention_adds_its_mask(options: dict[str, bool], fields: dict[str, bool]) -> None:
    """torch.nn.MultiheadAttention with a float attn_mask for each head; keys of no position are not masked."""
    torch = pytest.importorskip("torch")
    module = torch.nn.MultiheadAttention(12, 3, batch_first=True, **options)
    layer = make("multi_head_attention", "pytorch", heads=3, **fields)
    w = weights_of(layer, (5, 12), (7, 12), (7, 12), (3, 5, 7))
    q, k, m = normal(2, 5, 12), normal(2, 7, 12), normal(2, 3, 5, 7)
    roles = ("query", "key", "value")
    given = {
        "in_proj_weight": np.concatenate([w[f"{name}_kernel"].reshape(12, 12).T for name in roles]),
        "in_proj_bias": np.concatenate([w[f"{name}_bias"].ravel() for name in roles]),
        "out_proj.weight": w["output_kernel"].reshape(12, 12).T,
        "out_proj.bias": w["output_bias"],
    }
    if "extra_key" in w:
        given |= {"bias_k": w["extra_key"].reshape(1, 1, 12), "bias_v": w["extra_value"].reshape(1, 1, 12)}
    module.load_state_dict({name: torch.tensor(np.ascontiguousarray(array)) for name, array in given.items()})
    with torch.no_grad():
        theirs = module(*map(torch.tensor, (q, k, k)), attn_mask=torch.tensor(m.reshape(6, 5, 7)))[0]
    np.testing.assert_allclose(layer.forward(np, q, k, k, m, **w), theirs.numpy(), **CLOSE)


@pytest.mark.parametrize("axes", [(2,), (1, 3), (1,), (2, 3), None])
def test_attention_axes_are_keras(axes: Shape | None) -> None:
    """keras.layers.MultiHeadAttention(attention_axes=…) on a volume."""
    pytest.importorskip("jax")
    from tests.oracles.keras_oracle import keras

    x = normal(2, 3, 4, 5, 6)
    theirs = keras.layers.MultiHeadAttention(2, 3, attention_axes=axes)
    theirs(x, x)
    layer = make(
        "multi_head_attention", "keras", heads=2, key_dim=3, **({"attention_axes": list(axes)} if axes else {})
    )
    w = weights_of(layer, (3, 4, 5, 6))
    names = [f"{role}_{part}" for role in ("query", "key", "value", "output") for part in ("kernel", "bias")]
    theirs.set_weights([w[name].reshape(own.shape) for name, own in zip(names, theirs.weights, strict=True)])
    np.testing.assert_allclose(layer.forward(np, x, **w), np.asarray(theirs(x, x)), **CLOSE)
