"""Text from files and the command line cannot act on a terminal, a log, a spreadsheet or a pull request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from cnncalc.hidden_characters import hidden, visible
from cnncalc.render.csv_text import csv_text
from cnncalc.render.markdown_text import code, escape
from cnncalc.render.text import fit_for_output
from tests.together import for_each

Run = Callable[..., Result]

ESCAPES = {
    "C1 control sequence introducer": ("\x9b31m", r"\x9b31m"),
    "escape": ("\x1b]0;title\x07", r"\e]0;title\a"),
    "carriage return": ("\rgone", r"\rgone"),
    "right-to-left override": ("\u202etxt", r"\u202etxt"),
    "isolate": ("\u2066x\u2069", r"\u2066x\u2069"),
    "zero width space": ("\u200b", r"\u200b"),
    "line separator": ("\u2028", r"\u2028"),
    "tag": ("\U000e0041", r"\U000E0041"),
}
each_escape = pytest.mark.parametrize("written", [yaml for _, yaml in ESCAPES.values()], ids=list(ESCAPES))

NAMES = {
    "model": 'name: "a{}b"\ninput: 8x8x3\nlayers: [relu]\n',
    "layer": 'input: 8x8x3\nlayers: [{{relu: {{name: "a{}b"}}}}]\n',
    "block": 'input: 8x8x3\nblocks: {{"a{}b": [relu]}}\nlayers: [{{"a{}b": }}]\n',
    "parameter": 'input: 8x8x3\nblocks: {{b: {{parameters: {{"a{}b": 1}}, layers: [relu]}}}}\nlayers: [b]\n',
    "variable": 'input: 8x8x3\nvariables: {{"a{}b": 1}}\nlayers: [relu]\n',
    "variant": 'input: 8x8x3\nvariables: {{c: 1}}\nvariants: {{"a{}b": {{c: 2}}}}\nlayers: [relu]\n',
    "input": 'input: {{"a{}b": 8x8x3}}\nlayers: [relu]\n',
    "output": 'input: 8x8x3\nlayers: [relu]\noutputs: {{"a{}b": relu_1}}\n',
    "part": 'input: 8x8x4\nlayers: [{{split: {{parts: 2, names: ["a{}b", c]}}}}]\n',
}


@each_escape
@pytest.mark.parametrize("form", list(NAMES.values()), ids=list(NAMES))
def test_names_refuse_hidden_characters(run: Run, tmp_path: Path, form: str, written: str) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(form.format(*[written] * 2), encoding="utf-8")
    done = run("summary", str(path))
    assert done.exit_code == 2
    assert "E104" in done.stderr or "E204" in done.stderr
    assert not hidden(done.output).difference("\n")


@pytest.mark.parametrize(
    "arguments",
    [("summary",), ("explain",), ("lint",), ("lint", "--format", "github"), ("lint", "--format", "concise"),
     ("lint", "--format", "full"), ("lint", "--format", "json"), ("lint", "--format", "junit"), ("verify",),
     ("compare",), ("check", "--answer", "output=1"), ("diff", "quiz")],
    ids=" ".join,
)  # fmt: skip
def test_a_hostile_spec_and_path_print_nothing_hidden(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """An unknown type, a value and a comment with controls, in a file whose name has them, too."""
    path = tmp_path / "a\x1b[8m\u202e\x9b.yaml"
    path.write_text('input: 8x8x3\nlayers:\n- "konv\\x9b8m": 3  # \u202e\n- conv: "\\e[8m"\n', encoding="utf-8")
    done = run(*arguments, str(path))
    assert done.exit_code in (1, 2)
    assert not hidden(done.output).difference("\n")


def test_arguments_in_usage_errors_print_nothing_hidden(run: Run) -> None:
    done = run("apply", "relu", "--data", "\x9b8m")
    assert done.exit_code == 2
    assert r"\u009b8m" in done.stderr


def test_sheets_and_students_print_nothing_hidden(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(
        'title: "T\\e[8m"\nquestions: [{name: q1, spec: "8x8x3 -> conv 4 3x3", ask: output, answer: 6x6x4}]\n'
    )
    (tmp_path / "class.csv").write_text("student,q1\na\u202eb,6x6x4\nb\x9bc,7\x1b[8mx\n", encoding="utf-8")
    files = [str(tmp_path / "sheet.yaml"), "--answers", str(tmp_path / "class.csv")]
    for form in ("text", "json", "markdown", "csv"):
        done = run("check", *files, "--format", form)
        assert done.exit_code == 1
        assert not hidden(done.output).difference("\n"), form


def test_json_keeps_what_it_escapes(run: Run, tmp_path: Path) -> None:
    """The escape of a JSON text is the character itself to its reader."""
    path = tmp_path / "a\x9b.yaml"
    path.write_text("input: 8x8x3\nlayers: [relu]\n")
    done = run("summary", str(path), "--format", "json")
    assert json.loads(done.stdout)["layers"][0]["location"]["file"] == str(path)


def test_styles_pass_where_there_is_colour() -> None:
    assert fit_for_output("\x1b[1mbold\x1b[0m\n\t\x1b[2J\x9b", color=True) == "\x1b[1mbold\x1b[0m\n\t\\u001b[2J\\u009b"
    assert fit_for_output("\x1b[1mbold", color=False) == "\\u001b[1mbold"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ×→é", "plain ×→é"),
        ("a\x9bb", "a\\u009bb"),
        ("\U000e0001", "\\udb40\\udc01"),
        ("\u00a0", "\u00a0"),
        ("a\nb", "a\\u000ab"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@for_each(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("-1", "-1"),
        ("+1.5e3", "+1.5e3"),
        (-3, "-3"),
        ("a=1", "a=1"),
        ("", '""'),
    ],
)
def test_cells_are_no_formulas(cell: object, written: str) -> None:
    assert csv_text(["h"], [[cell]]) == f"h\n{written}\n"


@for_each(
    ("text", "written"),
    [
        ("![p](http://x/y)", r"![p\](http\://x/y)"),
        ("[l](javascript:1)", r"[l\](javascript:1)"),
        ("[l][ref] [0/2]", r"[l\][ref] [0/2]"),
        ("[ref]: http://x", r"[ref\]: http\://x"),
        ("@name", "@&#8203;name"),
        ("see #12", "see #&#8203;12"),
        ("<img src=x>", r"\<img src=x>"),
        ("a &lt; b & c", r"a \&lt; b & c"),
        ("www.x.org", r"www\.x.org"),
        ("> quoted", r"\> quoted"),
        ("a|b\\c`d", r"a\|b\\c\`d"),
        ("one\ntwo\x9b", r"one two\\u009b"),
    ],
)
def test_markdown_shows_what_was_written(text: str, written: str) -> None:
    assert escape(text) == written


@pytest.mark.parametrize(
    ("text", "written"), [("a", "`a`"), ("a`b", "``a`b``"), ("``a", "``` ``a ```"), ("@x <i>", "`@x <i>`")]
)
def test_code_spans_end_where_they_should(text: str, written: str) -> None:
    assert code(text) == written


def test_a_log_of_github_gets_no_commands_from_files(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model's name at the beginning of a line would stop the runner from reading further commands."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    path = tmp_path / "net.yaml"
    path.write_text('name: "::stop-commands::x"\ninput: 11x11x3\nlayers: [max_pool 2]\n', encoding="utf-8")
    shown = run("summary", str(path)).stdout
    assert "\\u003a:stop-commands::x" in shown
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert run("lint", str(path)).stdout.startswith("::warning file=")
    assert not run("lint", "--format", "text", "--", str(path)).stdout.startswith("::")


@for_each(
    "arguments",
    [
        ("summary", "٣x٣x٣ -> relu"),
        ("summary", "3x3x3 -> conv ٤ 1x1"),
        ("summary", "3x3x3 -> conv 4 ١x١"),
        ("summary", "3x3x3 -> conv 4 1x1 stride=１"),
        ("summary", "3x3x3 -> (relu)*٣"),
        ("summary", "3x3x3 -> conv ${٣} 1x1"),
        ("summary", "3x3x3 -> dropout ٠.٥"),
        ("summary", "quiz", "--input", "３2x32x3"),
        ("summary", "quiz", "--batch", "٤"),
        ("summary", "quiz", "--max-layers", "٤"),
        ("quiz", "--count", "٤"),
        ("solve", "conv", "--input", "３2x32x3", "--output", "14x14x20"),
        ("solve", "quiz", "--vary", "input.height=２0..32"),
    ],
    ids=" ".join,
)
def test_digits_of_other_scripts_are_not_sizes(run: Run, arguments: tuple[str, ...]) -> None:
    """Python's `int` and `\\d` take them; a reader of the spec may not see which number it is."""
    assert run(*arguments).exit_code in (1, 2)
    assert run(*arguments).stderr or "cannot be read" in run(*arguments).stdout


@pytest.mark.parametrize(
    "arguments",
    [("summary",), ("explain",), ("compare",), ("check", "--answer", "params=<img>@you"), ("diff", "quiz")],
    ids=lambda arguments: arguments[0],
)
def test_no_markdown_acts_on_a_pull_request(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A layer's name is shown as it is by every command that writes Markdown."""
    path = tmp_path / "net.yaml"
    layer = '{conv: {filters: 4, kernel: 3, name: "<b@you"}}'
    path.write_text(f'name: "![p](http://x.y/z) <img src=x>"\ninput: 8x8x3\nlayers: [{layer}]\n', encoding="utf-8")
    command, *rest = arguments
    shown = run(command, str(path), *rest, "--format", "markdown").stdout
    spans = re.sub(r"(`+).*?\1", "", shown)  # what stands in code is not read as Markdown
    assert shown
    assert not re.search(r"(?<!\\)<b|(?<!\\)<img|@you|!\[p\]\(", spans)
