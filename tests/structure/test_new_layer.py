"""A new layer type is one module: nothing else is edited for it to be found everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layer that CONTRIBUTING.md shows, as a module of its own outside the package."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    assert found
    file = tmp_path_factory.mktemp("elsewhere") / "scale_by.py"
    file.write_text(found[1], encoding="utf-8")
    return file


def run(module: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`cnncalc ARGUMENTS` in an interpreter that has imported the new module."""
    code = (
        f"import sys; sys.path.insert(0, {str(module.parent)!r}); import scale_by; from cnncalc.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_summary_knows_it(module: Path) -> None:
    """It stands in the table, under its own name."""
    done = run(module, "summary", "8x8x3 -> scale_by 0.5 -> conv 2 3x3")
    assert "scale_by_1" in done.stdout, done.stderr


def test_its_alias_works(module: Path) -> None:
    """The spelling that a framework's users type means the same type."""
    assert "scale_by_1" in run(module, "summary", "8x8x3 -> times 0.5").stdout


def test_explain_shows_its_rule(module: Path) -> None:
    """Its rule, its work (8*8*3 = 192 multiplications) and its source."""
    shown = run(module, "explain", "8x8x3 -> scale_by 0.5").stdout
    assert "scale_by: the shape is unchanged" in shown
    assert "192" in shown
    assert "Rescaling" in shown


def test_verify_runs_it(module: Path) -> None:
    """Its forward pass is held against the report."""
    done = run(module, "verify", "8x8x3 -> scale_by 0.5 -> flatten")
    assert (done.returncode, "agrees" in done.stdout) == (0, True), done.stderr


def test_layers_describes_it(module: Path) -> None:
    """It is in the list, and its fields are documented."""
    assert "scale_by" in run(module, "layers").stdout
    assert "the number to multiply by" in run(module, "layers", "scale_by").stdout


def test_the_schema_has_it(module: Path) -> None:
    """An editor completes its name and its field."""
    schema = run(module, "schema").stdout
    assert json.loads(schema)
    assert '"scale_by"' in schema
    assert '"factor"' in schema


def test_did_you_mean_offers_it(module: Path) -> None:
    """A misspelt name leads to it."""
    done = run(module, "summary", "8x8x3 -> scale_bye 0.5")
    assert 'did you mean "scale_by"?' in done.stderr
    assert done.returncode == 2
