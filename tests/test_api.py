"""The Python API."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cnncalc
from tests.together import for_each


def test_every_public_name_is_there() -> None:
    """What __all__ lists can be had, and nothing else by accident."""
    for name in cnncalc.__all__:
        assert getattr(cnncalc, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        cnncalc.analyse  # type: ignore[attr-defined] # noqa: B018


def test_bounds_and_other_tools_from_the_top_level() -> None:
    """One convolution: 32·32·3 + (8·8·3 + 1)·20 numbers of 4 bytes are read, and 14·14·20·8·8·3 MACs are counted."""
    spec = "32x32x3 -> conv 20 8x8 s2 p1"
    found = cnncalc.bounds(spec, device="19.5 TFLOP/s, 1.5 TB/s")
    assert isinstance(found, cnncalc.TimeBounds)
    assert found.layers[0].bytes_read == 4 * (3072 + 3860)
    counts = cnncalc.compare_tools(spec, ["thop"])
    assert isinstance(counts, cnncalc.ToolComparison)
    assert counts.total("thop") == 752_640


def test_the_line_of_the_readme() -> None:
    """torchvision's ResNet-50 has 25,557,032 parameters."""
    code = "import cnncalc; print(cnncalc.analyze('resnet50').totals.params)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "25557032\n"


@for_each(
    ("options", "shape"),
    [
        ({}, (14, 14, 20)),
        ({"input": "64x64x3"}, (30, 30, 20)),  # (64 - 8 + 2)/2 + 1
        ({"input": (64, 32, 3)}, (30, 14, 20)),
        ({"input": {"input": [64, 32, 3]}}, (30, 14, 20)),
        ({"variables": {"n": 7}}, (14, 14, 7)),
        ({"convention": "pytorch"}, (14, 14, 20)),
    ],
)
def test_options(options: dict[str, object], shape: tuple[int, ...]) -> None:
    """input=, variables= and convention= change what is analyzed, never the file's layout."""
    spec = {
        "convention": "formula",
        "input": "32x32x3",
        "variables": {"n": 20},
        "layers": ["conv ${n} 8x8 s2 p1"],
    }
    assert cnncalc.analyze(spec, **options).outputs[0].shape == shape  # type: ignore[arg-type]


def test_paths_and_text(tmp_path: Path) -> None:
    """A path as text or as a Path, a bundled name, inline text."""
    file = tmp_path / "net.yaml"
    file.write_text("input: 5x5x3\nlayers: [conv 2 3x3]\n", encoding="utf-8")
    for source in (file, str(file), "5x5x3 -> conv 2 3x3"):
        assert cnncalc.analyze(source).totals.params == 56  # (27 + 1) * 2


def test_a_wrong_spec_raises_with_diagnostics() -> None:
    """SpecError carries code, severity, message, hint, file, line and column of every mistake."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze("9x9x3 -> conv 20 11x11 -> konv 3")
    first, second = caught.value.diagnostics
    assert first.to_dict() == {
        "code": "E301",
        "severity": "error",
        "message": "conv_1: kernel 11 is larger than the input 9",
        "hint": "pad by at least 1, or use a kernel of at most 9",
        "file": "<inline>",
        "line": 1,
        "column": 18,
    }
    assert (second.code, second.column) == ("E202", 27)


@for_each(
    "options",
    [{"batch": 0}, {"batch": 1.5}, {"batch": True}, {"batch": "8"}, {"dtype": "float31"}, {"convention": "torch"}],
)
def test_wrong_options_are_spec_errors(options: dict[str, object]) -> None:
    """An option's wrong value is told like any other mistake."""
    with pytest.raises(cnncalc.SpecError):
        cnncalc.analyze("8x8x3 -> relu", **options)  # type: ignore[arg-type]


def test_the_report_has_the_stable_keys() -> None:
    """Format 1 of the machine-readable report, key by key."""
    found = cnncalc.analyze("32x32x3 -> conv 20 8x8 s2 p1").to_dict()
    assert list(found) == [
        "format", "name", "convention", "layout", "dtype", "batch", "inputs", "layers", "outputs", "totals",
    ]  # fmt: skip
    assert found["format"] == 1
    assert found["layers"] == [
        {
            "name": "conv_1",
            "type": "conv",
            "inputs": ["input"],
            "output_shape": [14, 14, 20],
            "params": 3860,
            "trainable_params": 3860,
            "non_trainable_params": 0,
            "buffers": 0,
            "unshared_params": 756560,
            "macs": 752640,
            "flops": 2 * 752640 + 3920,
            "activation_elements": 3920,
            "activation_bytes": 15680,
            "receptive_field": [8, 8],
            "effective_stride": [2, 2],
            "location": {"file": "<inline>", "line": 1, "column": 12},
            "input_shapes": [[32, 32, 3]],
            "kernel": [8, 8],
            "stride": [2, 2],
            "padding": [1, 1],
            "shares_with": None,
            "share": 1.0,
        }
    ]
    assert found["totals"] == {
        "params": 3860,
        "trainable_params": 3860,
        "non_trainable_params": 0,
        "buffers": 0,
        "unshared_params": 756560,
        "macs": 752640,
        "flops": 1509200,
        "param_bytes": 15440,
        "activation_elements": 3920,
        "peak_activation_bytes": 27968,  # (3,072 + 3,920) * 4
    }


def test_explain_verify_and_load() -> None:
    """The other entry points take a spec as `analyze` does."""
    spec = "32x32x3 -> conv 20 8x8 s2 p1"
    assert cnncalc.explain(spec)[0].output == (14, 14, 20)
    assert cnncalc.verify(spec).problems == []
    assert cnncalc.load(spec).nodes[-1].shape == (14, 14, 20)


def test_compare() -> None:
    """The quiz layer by rule: the course's 14x14, TensorFlow's SAME 16x16 and VALID 13x13."""
    found = {
        ruling.rule: ruling for ruling in cnncalc.compare("32x32x3 -> relu -> conv 20 8x8 s2 p1", "conv_1")["conv_1"]
    }
    assert found["as written"].output_shape == (14, 14, 20)
    assert found["TensorFlow SAME"].output_shape == (16, 16, 20)
    assert found["TensorFlow VALID"].output_shape == (13, 13, 20)
    assert [rule for rule, ruling in found.items() if ruling.differs] == ["TensorFlow SAME", "TensorFlow VALID"]


@pytest.mark.parametrize("entry", [cnncalc.explain, cnncalc.compare])
def test_a_layer_that_is_not_there(entry: Callable[..., object]) -> None:
    """Asking for an unknown layer is a KeyError with its name, as of any mapping."""
    with pytest.raises(KeyError, match="conv_9"):
        entry("32x32x3 -> conv 20 8x8", "conv_9")


def test_limits_can_be_raised_and_lowered() -> None:
    """A chain of three layers within a limit of three, and beyond one of two."""
    spec = "8x8x3 -> relu -> relu -> relu"
    assert len(cnncalc.analyze(spec, limits=cnncalc.Limits(layers=3)).layers) == 3
    with pytest.raises(cnncalc.SpecError, match="the limit is 2"):
        cnncalc.analyze(spec, limits=cnncalc.Limits(layers=2))


def test_batch_and_dtype_scale_work_and_memory() -> None:
    """Work and activations are those of the whole batch, parameters are not; float16 takes half of float32's bytes."""
    one, five = (cnncalc.analyze("32x32x3 -> conv 20 8x8 s2 p1", batch=batch, dtype="float16") for batch in (1, 5))
    assert (one.totals.params, one.totals.param_bytes) == (3860, 7720) == (five.totals.params, five.totals.param_bytes)
    assert five.totals.macs == 5 * one.totals.macs == 5 * 752640
    assert five.totals.peak_activation_bytes == 5 * one.totals.peak_activation_bytes == 5 * 2 * (3072 + 3920)


@pytest.mark.sweep
def test_what_a_type_checker_sees(tmp_path: Path) -> None:
    """The lazily loaded names have their types: a mistake in their use is found before it runs."""
    file = tmp_path / "user.py"
    file.write_text(
        "import cnncalc\n"
        'right: int = cnncalc.analyze("5x5x3 -> relu").totals.params\n'
        'wrong: str = cnncalc.analyze("5x5x3 -> relu").totals.params\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path / 'cache'}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    assert "user.py:3: error: Incompatible types" in done.stdout
    assert "Found 1 error" in done.stdout
