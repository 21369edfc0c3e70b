"""Models in memory, with the libraries that they come from: PyTorch modules and Keras models.

    python -m pytest tests/oracles/test_live_models.py

PyTorch and Keras have to be installed; otherwise their tests are skipped.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.aten_graphs import recorded

IMPORTING = Path(__file__).parents[2] / "docs" / "importing.md"


def modules() -> Any:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from tests.oracles import torch_modules

    return torch_modules


@pytest.mark.parametrize("name", sorted(recorded()))
def test_a_module_has_the_counts_that_were_recorded(name: str) -> None:
    """The graph of the installed PyTorch gives the same parameters and multiply-accumulates."""
    made, shape, dtype = modules().MODULES[name]
    module = made()
    model = cnncalc.from_torch(module, shape, dtype=dtype)
    report = cnncalc.analyze(model)
    unused = sum(each.numel() for key, each in module.named_parameters() if key.startswith("spare."))
    assert report.totals.params == sum(each.numel() for each in module.parameters()) - unused
    assert report.totals.macs == recorded()[name]["macs"]
    assert report.findings == ()
    assert len(cnncalc.load(model).remarks) == (unused > 0)


def test_the_module_is_left_as_it_was() -> None:
    """Its mode, its parameters and its hooks are the same afterwards, also if the trace fails."""
    made, shape, _ = modules().MODULES["residual"]
    module = made().train()
    module.norm.eval()
    before = _state(module)
    cnncalc.from_torch(module, shape)
    assert _state(module) == before
    with pytest.raises(SpecError, match="the module cannot be traced"):
        cnncalc.from_torch(module, (5, 7, 7))
    assert _state(module) == before


def test_a_layer_with_several_names_keeps_its_weights() -> None:
    """A linear layer of 5 * 5 + 5 parameters that two modules hold: every trace finds them, and none takes them."""
    nn = pytest.importorskip("torch", reason="PyTorch is not installed").nn
    shared = nn.Linear(5, 5)
    module = nn.Sequential(nn.Sequential(shared), nn.Sequential(shared))
    before = _state(module)
    for _ in range(2):
        assert cnncalc.analyze(cnncalc.from_torch(module, (5,))).totals.params == 30
        assert _state(module) == before


def _state(module: Any) -> Any:
    arrays = [(key, each.data_ptr(), str(each.device)) for key, each in module.state_dict(keep_vars=True).items()]
    return arrays, [
        (each.training, len(each._forward_hooks), len(each._forward_pre_hooks)) for each in module.modules()
    ]


def test_a_model_in_memory_is_a_reference() -> None:
    """summary, lint, verify, diff and the written spec take it like a file."""
    made, shape, _ = modules().MODULES["residual"]
    model = cnncalc.from_torch(made(), shape, name="residual")
    text = cnncalc.spec_of(model)
    assert cnncalc.analyze(text).totals.params == cnncalc.analyze(model).totals.params
    assert cnncalc.verify(model).problems == []
    assert cnncalc.diff(model, model).layers == ()
    assert [each for each in cnncalc.lint(model) if each.severity == "error"] == []
    assert cnncalc.explain(model, "head")[0].output == (7,)


def test_several_inputs_by_position_by_name_and_as_tensors() -> None:
    """A list gives positional arguments, a mapping named ones; a tensor stands for its shape without the batch."""
    torch = modules().torch

    class Sum(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, one: Any, two: Any) -> Any:
            return one + two

    for given in ([(3, 5), (3, 5)], {"one": "3x5", "two": "3x5"}, [torch.zeros(2, 3, 5), (3, 5)]):
        assert cnncalc.analyze(cnncalc.from_torch(Sum(), given)).outputs[0].shape == (3, 5)


def test_a_tensor_that_is_not_a_buffer() -> None:
    """A module may hold plain tensors, which are on the CPU: 3·5 + 5 parameters."""
    torch = modules().torch

    class Shift(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.linear = torch.nn.Linear(3, 5)
            self.shift = torch.ones(5)

        def forward(self, x: Any) -> Any:
            return self.linear(x) + self.shift

    report = cnncalc.analyze(cnncalc.from_torch(Shift(), (3,)))
    assert (report.totals.params, report.outputs[0].shape) == (20, (5,))


def test_code_that_depends_on_numbers_is_run_once() -> None:
    """Branches, numbers of tensors, NumPy, vmap, and modules of TorchScript: 3·8·9 + 8 + 8·4 + 4 = 260 parameters."""
    from tests.oracles.torch_numbers import MODULES

    for name, (made, expected) in MODULES.items():
        model = cnncalc.from_torch(made(), (3, 8, 8))
        report = cnncalc.analyze(model)
        assert [layer.type for layer in report.layers] == expected.split(), name
        assert (report.totals.params, report.totals.macs, report.findings) == (260, 36 * 8 * 27 + 8 * 4, ()), name
        assert any("one run on" in str(each) for each in cnncalc.load(model).remarks), name


def test_another_input_traces_the_module_again() -> None:
    """A flattened image has as many features as the new size gives: 3·5·5 = 75."""
    torch = modules().torch
    model = cnncalc.from_torch(torch.nn.Flatten(), (3, 4, 4))
    assert cnncalc.analyze(model).outputs[0].shape == (48,)
    assert cnncalc.analyze(model, input="3x5x5").outputs[0].shape == (75,)
    with pytest.raises(SpecError, match="have 3 channels, but got 4"):
        cnncalc.analyze(cnncalc.from_torch(torch.nn.Conv2d(3, 5, 3), (3, 8, 8)), input=(4, 8, 8))


def test_what_is_no_module_is_an_error() -> None:
    """The message says what was given."""
    for given, message in ((3, "needs a torch.nn.Module, got int"), (modules().torch.nn.Identity(), "not a shape")):
        with pytest.raises(SpecError, match=message):
            cnncalc.from_torch(given, "no shape")


def test_keras_models_describe_themselves() -> None:
    """The parameters are Keras's own count, for a Sequential and a Functional model."""
    keras = pytest.importorskip("keras", reason="Keras is not installed")
    inputs = keras.Input((16, 16, 3))
    y = keras.layers.Conv2D(5, 3, activation="relu")(inputs)
    y = keras.layers.Add()([y, keras.layers.Conv2D(5, 1)(y)])
    functional = keras.Model(inputs, keras.layers.Dense(7)(keras.layers.GlobalAveragePooling2D()(y)))
    sequential = keras.Sequential([keras.Input((12,)), keras.layers.Dense(5), keras.layers.BatchNormalization()])
    for model in (functional, sequential):
        report = cnncalc.analyze(cnncalc.from_keras(model))
        assert report.totals.params == model.count_params()


def test_the_transcripts_of_the_document() -> None:
    """Each Python transcript in docs/importing.md prints what is shown."""
    modules()
    pytest.importorskip("keras", reason="Keras is not installed")
    text = IMPORTING.read_text(encoding="utf-8")
    blocks = re.findall(r"^```pycon\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 2
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for number, block in enumerate(blocks):
        assert (
            runner.run(parser.get_doctest(block, {"cnncalc": cnncalc}, f"block {number}", str(IMPORTING), 0)).failed
            == 0
        )


@pytest.mark.parametrize("frozen", [("conv.", "depthwise."), ("conv.", "norm."), ("squeeze.", "head."), ("",)])
def test_frozen_parameters_keep_what_pytorch_keeps(frozen: tuple[str, ...]) -> None:
    """The bytes that autograd saves, and the trained parameters, if some layers have `requires_grad=False`."""
    made, shape, _ = modules().MODULES["residual"]
    import torch

    from tests.oracles.torch_memory import kept_bytes

    module = made().train()
    for name, each in module.named_parameters():
        each.requires_grad_(not name.startswith(frozen))
    model = cnncalc.from_torch(module, shape)
    trained = sum(each.numel() for each in module.parameters() if each.requires_grad)
    assert cnncalc.analyze(model).totals.trainable_params == trained
    assert cnncalc.cost(model, batch=7).totals.kept_bytes == kept_bytes(module, [torch.randn(7, *shape)])


def test_frozen_attention_keeps_what_pytorch_keeps() -> None:
    """Its input is not kept, its projections are; the layer norm before it is trained."""
    nn = pytest.importorskip("torch", reason="PyTorch is not installed").nn
    import torch

    from tests.oracles.torch_memory import kept_bytes

    class Net(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.norm, self.head = nn.LayerNorm(16), nn.Linear(16, 5)
            self.attention = nn.MultiheadAttention(16, 2, batch_first=True).requires_grad_(False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = self.norm(x)
            found: torch.Tensor = self.head(self.attention(x, x, x, need_weights=False)[0])
            return found

    module = Net().train()
    kept = cnncalc.cost(cnncalc.from_torch(module, (7, 16)), batch=5).totals.kept_bytes
    assert kept == kept_bytes(module, [torch.randn(5, 7, 16)]) == 14_000
