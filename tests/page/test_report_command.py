"""`cnncalc report`: where the page goes, what is refused, and which inputs it takes."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli._group import group

DATA = Path(__file__).parents[1] / "data"


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(group, ["report", *arguments], input=stdin, catch_exceptions=False)


def test_the_page_is_written_to_the_file(tmp_path: Path) -> None:
    """The name of the file and its size are noted; an existing file is replaced only with --force."""
    path = tmp_path / "net.html"
    done = run("lenet5", "-o", str(path))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith(f"{path}: ")
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    again = run("lenet5", "-o", str(path))
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert run("lenet5", "-o", str(path), "--force").exit_code == 0


def test_without_a_file_the_page_goes_to_standard_output() -> None:
    """So that a pipe takes it."""
    assert run("8x8x1 -> conv 2 3x3").stdout.rstrip().endswith("</html>")


def test_a_spec_from_standard_input_is_read_once_for_all() -> None:
    """The table, the findings and the text come from the same bytes."""
    done = run("-", stdin="input: 11x11x3\nlayers:\n  - conv: {filters: 8, kernel: 4, stride: 3}\n")
    assert done.exit_code == 0
    assert "A101" in done.stdout
    assert "kernel: 4, stride: 3" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no_such_net",), '"no_such_net": no such file or bundled spec'),
        (("8x8x3 -> conv 4 9x9",), "error[E301]"),
        (("lenet5", "-o", "net.pdf"), 'a report is a page of HTML, and ".pdf" is not: give -o FILE.html'),
        (("8x8x3 -> (relu)*4000",), "4,000 layers are too many to report at once; the limit is 3,000"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], message: str) -> None:
    """Exit code 2, and nothing on standard output."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_model_file_is_shown_as_the_spec_that_import_writes() -> None:
    """A binary file has no text of its own."""
    done = run(str(DATA / "small.onnx"))
    assert done.exit_code == 0
    spec = CliRunner().invoke(group, ["import", str(DATA / "small.onnx")], catch_exceptions=False).stdout
    shown = re.findall(r'<span id="line-\d+">(.*?)\n</span>', done.stdout)
    assert [html.unescape(line) for line in shown] == spec.splitlines()


def test_findings_of_other_variants_are_not_shown(tmp_path: Path) -> None:
    """A stride that does not divide evenly in a variant alone concerns the page of that variant."""
    path = tmp_path / "net.yaml"
    path.write_text(
        "input: 11x11x3\nvariables: {stride: 1}\nvariants:\n  wide: {stride: 3}\n"
        "layers:\n  - conv: {filters: 8, kernel: 4, stride: '${stride}'}\n"
    )
    assert "A101" not in run(str(path)).stdout
    assert "A101" in run(f"{path}:wide").stdout
