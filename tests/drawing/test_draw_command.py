"""`cnncalc draw`: the form by the ending, where the drawing goes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli._group import group
from tests.together import for_each


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["draw", *arguments], catch_exceptions=False)


@pytest.mark.parametrize(
    ("ending", "start"),
    [
        ("svg", "<svg "),
        ("html", "<!DOCTYPE html>"),
        ("dot", "digraph "),
        ("gv", "digraph "),
        ("mmd", "flowchart TB"),
        ("tex", "% lenet5: 8 layers"),
    ],
)
def test_the_ending_decides_the_form(ending: str, start: str, tmp_path: Path) -> None:
    """The name of the file is noted."""
    path = tmp_path / f"lenet.{ending}"
    done = run("lenet5", "-o", str(path))
    text = path.read_text(encoding="utf-8")
    assert (done.exit_code, done.stdout) == (0, "")
    assert text.startswith(start)
    assert done.stderr.startswith(f"{path}: ")


def test_a_format_beats_the_ending(tmp_path: Path) -> None:
    """As in other commands, what is said counts."""
    assert run("lenet5", "-o", str(tmp_path / "a.svg"), "--format", "dot").exit_code == 0
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("digraph")


def test_without_a_file_the_drawing_goes_to_standard_output() -> None:
    """So that a pipe takes it."""
    done = run(
        "32x32x3 -> conv 20 8x8 s2 p1", "--format", "mermaid", "--columns", "params,macs", "--direction", "right"
    )
    assert done.stdout.splitlines()[:4] == [
        "flowchart LR",
        '  n0(["<b>input</b><br/>32×32×3"])',
        '  n1["<b>conv_1</b><br/>conv 8×8, 20, s2, p1<br/>output 14×14×20 · 3,860 params · 752,640 MACs"]',
        "  n0 -->|32×32×3| n1",
    ]


def test_an_existing_file_is_replaced_only_with_force(tmp_path: Path) -> None:
    """Without --force the file stays, and the exit code is 2."""
    path = tmp_path / "net.svg"
    path.write_text("mine", encoding="utf-8")
    done = run("lenet5", "-o", str(path))
    assert (done.exit_code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in done.stderr
    assert run("lenet5", "-o", str(path), "--force").exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("<svg")


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    """--force would not help, so that the message does not name it."""
    done = run("lenet5", "-o", str(tmp_path), "--format", "svg")
    assert done.exit_code == 2
    assert f"{tmp_path} is a folder: give -o PATH of a file in it" in " ".join(done.stderr.split())


@for_each(
    ("arguments", "message"),
    [
        (("lenet5", "--columns", "parms"), 'there is no column "parms": did you mean "params"?'),
        (("lenet5", "--depth", "-1"), "--depth"),
        (("lenet5", "--format", "pdf"), "'pdf' is not one of"),
        (
            ("lenet5", "-o", "net.jpg"),
            'cannot draw as ".jpg": use .svg, .png, .dot, .gv, .mmd, .mermaid, .tex, .html, .htm, or give --format',
        ),
        (("lenet5", "-o", "net"), "or give --format"),
        (("no_such_net",), '"no_such_net": no such file or bundled spec'),
        (("8x8x3 -> conv 4 9x9",), "error[E301]"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], message: str) -> None:
    """Exit code 2, and nothing on standard output."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_failing_spec_leaves_no_file(tmp_path: Path) -> None:
    """The file is written when the drawing is complete."""
    assert run("8x8x3 -> conv 4 9x9", "-o", str(tmp_path / "a.svg")).exit_code == 2
    assert list(tmp_path.iterdir()) == []
