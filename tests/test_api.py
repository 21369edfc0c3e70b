"""The Python API."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import cnncalc


def test_every_public_name_is_there() -> None:
    """What __all__ lists can be had, and nothing else by accident."""
    for name in cnncalc.__all__:
        assert getattr(cnncalc, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        cnncalc.analyse  # type: ignore[attr-defined] # noqa: B018


def test_the_line_of_the_readme() -> None:
    """torchvision's ResNet-50 has 25,557,032 parameters."""
    code = "import cnncalc; print(cnncalc.analyze('resnet50').totals.params)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "25557032\n"


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("options", [{"batch": 0}, {"dtype": "float31"}, {"convention": "torch"}])
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
