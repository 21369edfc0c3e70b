"""A new layer type is one module: nothing else is edited for it to be found everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]


COMMANDS = (
    ("summary", "8x8x3 -> scale_by 0.5 -> conv 2 3x3"),
    ("summary", "8x8x3 -> times 0.5"),
    ("explain", "8x8x3 -> scale_by 0.5"),
    ("verify", "8x8x3 -> scale_by 0.5 -> flatten"),
    ("layers",),
    ("layers", "scale_by"),
    ("schema",),
    ("summary", "8x8x3 -> scale_bye 0.5"),
)
SCRIPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
import scale_by
from click.testing import CliRunner
from cnncalc.cli._group import group
ran = [CliRunner().invoke(group, command, prog_name="cnncalc") for command in json.loads(sys.argv[2])]
print(json.dumps([(each.exit_code, each.stdout, each.stderr) for each in ran]))
"""


class Ran(NamedTuple):
    """What a command gave."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Ran]:
    """The commands, in one interpreter that has imported the layer that CONTRIBUTING.md shows, from elsewhere."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    assert found
    file = tmp_path_factory.mktemp("elsewhere") / "scale_by.py"
    file.write_text(found[1], encoding="utf-8")
    command = [sys.executable, "-c", SCRIPT, str(file.parent), json.dumps(COMMANDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return {command: Ran(*each) for command, each in zip(COMMANDS, json.loads(done.stdout), strict=True)}


def test_summary_knows_it(ran: dict[tuple[str, ...], Ran]) -> None:
    """It stands in the table, under its own name."""
    done = ran["summary", "8x8x3 -> scale_by 0.5 -> conv 2 3x3"]
    assert "scale_by_1" in done.stdout, done.stderr


def test_its_alias_works(ran: dict[tuple[str, ...], Ran]) -> None:
    """The spelling that a framework's users type means the same type."""
    assert "scale_by_1" in ran["summary", "8x8x3 -> times 0.5"].stdout


def test_explain_shows_its_rule(ran: dict[tuple[str, ...], Ran]) -> None:
    """Its rule, its work (8*8*3 = 192 multiplications) and its source."""
    shown = ran["explain", "8x8x3 -> scale_by 0.5"].stdout
    assert "scale_by: the shape is unchanged" in shown
    assert "192" in shown
    assert "Rescaling" in shown


def test_verify_runs_it(ran: dict[tuple[str, ...], Ran]) -> None:
    """Its forward pass is held against the report."""
    done = ran["verify", "8x8x3 -> scale_by 0.5 -> flatten"]
    assert (done.code, "agrees" in done.stdout) == (0, True), done.stderr


def test_layers_describes_it(ran: dict[tuple[str, ...], Ran]) -> None:
    """It is in the list, and its fields are documented."""
    assert "scale_by" in ran["layers",].stdout
    assert "the number to multiply by" in ran["layers", "scale_by"].stdout


def test_the_schema_has_it(ran: dict[tuple[str, ...], Ran]) -> None:
    """An editor completes its name and its field."""
    schema = ran["schema",].stdout
    assert json.loads(schema)
    assert '"scale_by"' in schema
    assert '"factor"' in schema


def test_did_you_mean_offers_it(ran: dict[tuple[str, ...], Ran]) -> None:
    """A misspelt name leads to it."""
    done = ran["summary", "8x8x3 -> scale_bye 0.5"]
    assert 'did you mean "scale_by"?' in done.stderr
    assert done.code == 2
