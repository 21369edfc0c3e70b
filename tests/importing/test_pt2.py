"""Programs that torch.export saved: their graphs are those of the modules, and a damaged file is a message."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from cnncalc.importing.aten.exported import evaluated, modules_of
from tests.importing.aten_graphs import programs, recorded
from tests.importing.test_aten import UNUSED
from tests.together import for_each


def saved(folder: Path, program: Any, entry: str = "net/models/model.json") -> Path:
    """A file as torch.export.save writes it: weights first, then the graph."""
    path = folder / "net.pt2"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/data/weights/weight_0", bytes(64))
        archive.writestr(entry, program if isinstance(program, str | bytes) else json.dumps(program))
    return path


@pytest.mark.parametrize("name", sorted(programs()))
def test_counts_are_those_of_pytorch(name: str, tmp_path: Path) -> None:
    """No operation is opaque, and parameters and multiply-accumulates are PyTorch's own counts."""
    module, stated = name.split(",")[0], recorded()[name.split(",")[0]]
    graph = cnncalc.load(saved(tmp_path, programs()[name]))
    report = cnncalc.analyze(saved(tmp_path, programs()[name]))
    assert graph.remarks == ()
    assert report.findings == ()
    assert report.totals.params == stated["params"] - UNUSED.get(module, 0)
    assert report.totals.macs == stated["macs"]


def test_layers_have_the_names_of_modules(tmp_path: Path) -> None:
    """The module stack of each call names its layer, as in the traced module."""
    report = cnncalc.analyze(saved(tmp_path, programs()["residual"]))
    assert [layer.name for layer in report.layers][:4] == ["conv", "norm", "act", "depthwise"]


@pytest.mark.parametrize(("content", "entry", "message"), [
    ("{", "net/models/model.json", "the JSON of the graph is damaged"),
    ("[" * 100_000, "net/models/model.json", "nested 100,000 levels deep"),
    ("[]", "net/models/model.json", "states no version, and only 8 is known"),
    ('{"schema_version": {"major": 7, "minor": 1}}', "net/models/model.json", "has version 7, and only 8 is known"),
    ('{"schema_version": {"major": 8}}', "net/models/model.json", "does not follow its schema"),
    ("{}", "net/other.json", "the archive holds no graph"),
])  # fmt: skip
def test_what_is_no_program_is_a_message(content: str, entry: str, message: str, tmp_path: Path) -> None:
    """Each fault of a file ends in an error with its reason."""
    with pytest.raises(SpecError, match=message):
        cnncalc.load(saved(tmp_path, content, entry))


@pytest.mark.parametrize("key", ["graph", "signature"])
def test_a_program_without_a_part_is_a_message(key: str, tmp_path: Path) -> None:
    """A missing key is named."""
    program = json.loads(json.dumps(programs()["video"]))
    del program["graph_module"][key]
    with pytest.raises(SpecError, match=f"does not follow its schema .KeyError: '{key}'"):
        cnncalc.load(saved(tmp_path, program))


def test_a_truncated_archive_is_a_message(tmp_path: Path) -> None:
    """Half a zip has no list of entries."""
    path = saved(tmp_path, programs()["video"])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SpecError, match="the archive is damaged"):
        cnncalc.load(path)


@for_each(("text", "value"), [
    ("7", 7), ("Symbol('b', positive=True, integer=True)", 5), ("Mul(Integer(4), Symbol('b'))", 20),
    ("Add(Symbol('b'), Integer(-2))", 3), ("FloorDiv(Symbol('b'), Integer(2))", 2), ("Mul(Integer(2), Symbol('h'))", 9),
])  # fmt: skip
def test_sizes_are_expressions_of_symbols(text: str, value: int) -> None:
    """With b = 5; a size with another symbol is the one at the export, here 9."""
    assert evaluated(text, {"b": 5}, 9) == value


@pytest.mark.parametrize(
    "text", ["__import__('os')", "b.real", "Pow(Symbol('b'), Integer(999999999))", "1 if b else 2"]
)
def test_other_expressions_are_refused(text: str) -> None:
    """Nothing but whole-number arithmetic is evaluated."""
    with pytest.raises(ValueError, match="a size"):
        evaluated(text, {"b": 5}, 9)


def test_tied_parameters_have_one_file(tmp_path: Path) -> None:
    """A table of 23 words by 8 that is also the head's weight counts once; the layer `spare` is a warning."""
    path = saved(tmp_path, programs()["tied"])
    files = ["table.weight", "mix.weight", "mix.bias", "spare.weight", "spare.bias"]
    listed = {name: {"path_name": f"weight_{place}"} for place, name in enumerate(files)}
    with zipfile.ZipFile(path, "a") as archive:
        config = {"config": {**listed, "head.weight": {"path_name": "weight_0"}}}
        archive.writestr("net/data/weights/model_weights_config.json", json.dumps(config))
    (remark,) = cnncalc.load(path).remarks
    assert "2 parameters, 20 numbers in total, affect no output, and are not counted: spare.weight" in str(remark)
    assert cnncalc.analyze(path).totals.params == 23 * 8 + 8 * 8 + 8


def test_an_encrypted_archive_is_a_message(tmp_path: Path) -> None:
    """The flag of encryption is read before the entry."""
    path = saved(tmp_path, programs()["video"])
    data = bytearray(path.read_bytes())
    start = data.rindex(b"PK\x01\x02")
    data[start + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(SpecError, match=r"models/model\.json in the archive is encrypted"):
        cnncalc.load(path)


def test_an_unknown_way_to_pack_is_a_message(tmp_path: Path) -> None:
    """Entries are stored or deflated; 98 is another method."""
    path = saved(tmp_path, programs()["video"])
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 10] = 98
    path.write_bytes(data)
    with pytest.raises(SpecError, match="packed by a method that is not read"):
        cnncalc.load(path)


@pytest.mark.parametrize(("stack", "names", "kinds"), [
    ("L_self,,net.Net;L_blocks_0,blocks.0,net.Block;L_qkv,blocks.0.qkv,torch.nn.modules.linear.Linear",
     ("blocks", "0", "qkv"), ("", "Block", "Linear")),
    ("L_self,,net.Net;L_stem,stem,net.Stem", ("stem",), ("Stem",)),
    ("L_neck,neck,net.Neck;L_conv,head.conv,torch.nn.modules.conv.Conv2d", ("head", "conv"), ("", "Conv2d")),
    ("", (), ()),
])  # fmt: skip
def test_modules_have_the_names_of_named_modules(stack: str, names: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """A list of modules is never called, and a module may be called by another than the one around it."""
    assert modules_of(stack) == (names, kinds)


def with_frozen(name: str, *begins: str) -> dict[str, Any]:
    """A program whose parameters with these beginnings have `requires_grad=False`."""
    program: dict[str, Any] = json.loads(json.dumps(programs()[name]))
    module = program["graph_module"]
    owned = [each["parameter"] for each in module["signature"]["input_specs"] if "parameter" in each]
    frozen = [each["arg"]["name"] for each in owned if each["parameter_name"].startswith(begins)]
    assert frozen
    for each in frozen:
        module["graph"]["tensor_values"][each]["requires_grad"] = False
    return program


@pytest.mark.parametrize(("batch", "kept"), [(1, 9_344), (7, 64_832)])
def test_frozen_layers_keep_less_for_backward(batch: int, kept: int, tmp_path: Path) -> None:
    """Bytes: PyTorch 2.13, saved_tensors_hooks; 863 parameters without 324 of `conv` and 312 of `depthwise`."""
    path = saved(tmp_path, with_frozen("residual", "conv.", "depthwise."))
    for model in (path, cnncalc.spec_of(path)):
        cost = cnncalc.cost(model, batch=batch)
        assert cost.totals.kept_bytes == kept
        assert cnncalc.analyze(model).totals.trainable_params == 863 - 324 - 312
    assert cnncalc.load(path).remarks == ()


def test_a_frozen_array_stays_a_parameter(tmp_path: Path) -> None:
    """The class token of 16 numbers is not trained, in the short text as well, and is no buffer."""
    path = saved(tmp_path, with_frozen("tokens", "token"))
    for model in (path, cnncalc.spec_of(path)):
        totals = cnncalc.analyze(model).totals
        assert (totals.params, totals.non_trainable_params) == (recorded()["tokens"]["params"], 16)


def test_frozen_attention_is_attention(tmp_path: Path) -> None:
    """4 * (16 * 16 + 16) parameters of one layer are frozen; with a trained projection its parts are layers."""
    path = saved(tmp_path, with_frozen("tokens", "layer.self_attn"))
    (found,) = [layer for layer in cnncalc.analyze(path).layers if layer.type == "multi_head_attention"]
    assert (found.params, found.trainable_params) == (1088, 0)
    path = saved(tmp_path, with_frozen("tokens", "layer.self_attn.out_proj"))
    report = cnncalc.analyze(path)
    assert "multi_head_attention" not in {layer.type for layer in report.layers}
    assert report.totals.non_trainable_params == 16 * 16 + 16


def test_a_layer_with_some_frozen_parameters_is_a_warning(tmp_path: Path) -> None:
    """A spec freezes whole layers."""
    path = saved(tmp_path, with_frozen("residual", "head.bias"))
    (remark,) = cnncalc.load(path).remarks
    assert "1 layer has frozen and trained parameters, and all count as trained here: head.bias" in str(remark)
    assert cnncalc.analyze(path).totals.non_trainable_params == 0
