"""`cnncalc import`: where the text goes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

import cnncalc
from cnncalc.cli._group import group
from tests.importing.toy import text_of, toy_format

pytestmark = pytest.mark.usefixtures("toy_format")
__all__ = ["toy_format"]

CONV = {"name": "conv1", "type": "conv", "arguments": {"filters": 5, "kernel": [3, 3]}}
RELU = {"name": "relu1", "type": "relu"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["import", *arguments], catch_exceptions=False)


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.toy").write_text(text_of(CONV, RELU), encoding="utf-8")
    return "net.toy"


def test_the_text_goes_to_standard_output(net: str) -> None:
    """The activation joins its layer; the totals are expected: 5·(27 + 1) parameters, 135·11·9 MACs."""
    done = run(net)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "# Imported from net.toy, toy.",
        "name: net",
        "convention: pytorch",
        "input: 3x13x11",
        "layers:",
        "  - conv 5 3x3 relu",
        "expect: {output: 5x11x9, params: 140, macs: 13365}",
    ]


def test_flat_lists_every_layer_under_its_name(net: str) -> None:
    """Nothing is folded, and each layer has the name of the file."""
    assert yaml.safe_load(run(net, "--flat").stdout)["layers"] == ["conv 5 3x3 name=conv1", "relu name=relu1"]


def test_an_existing_file_is_replaced_only_with_force(net: str, tmp_path: Path) -> None:
    """Without --force the file stays, and the exit code is 2."""
    assert run(net, "-o", "net.yaml").exit_code == 0
    assert cnncalc.analyze("net.yaml").totals.params == 140
    (tmp_path / "net.yaml").write_text("mine", encoding="utf-8")
    done = run(net, "-o", "net.yaml")
    assert (done.exit_code, (tmp_path / "net.yaml").read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in done.stderr
    assert run(net, "-o", "net.yaml", "--force").exit_code == 0
    assert cnncalc.analyze("net.yaml").totals.params == 140


def test_what_the_file_states_is_checked(net: str, tmp_path: Path) -> None:
    """The spec is written, the disagreement told, and the exit code 1."""
    (tmp_path / "net.toy").write_text(text_of({**CONV, "params": 141}), encoding="utf-8")
    done = run(net)
    assert done.exit_code == 1
    assert "conv1: expected params 141, got 140" in done.stderr
    assert "layers:" in done.stdout


def test_strict_refuses_unknown_operations(net: str, tmp_path: Path) -> None:
    """A warning by default, an error with --strict."""
    (tmp_path / "net.toy").write_text(
        text_of({"name": "x", "type": "opaque", "operation": "Odd", "shape": [3, 5]}), encoding="utf-8"
    )
    assert run(net).exit_code == 0
    assert "Odd has no layer type here" in run(net).stderr
    assert run(net, "--strict").exit_code == 2


def test_a_spec_is_no_model_file(tmp_path: Path) -> None:
    """There is nothing to import from a spec."""
    (tmp_path / "net.yaml").write_text("input: 8x8x3\nlayers: [relu]\n", encoding="utf-8")
    done = run(str(tmp_path / "net.yaml"))
    assert done.exit_code == 2
    assert "this is a spec already" in done.stderr
