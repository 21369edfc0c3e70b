"""Baselines: known findings are not told, wherever their lines are; what is new is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli._group import group

WARNED = "input: 11x11x3\nlayers:\n  - max_pool 2\n"
BORDER = (
    "max_pool_1: the last row and column of the 11x11 input are never used: 11 − 2 = 9 is not divisible by stride 2"
)
TWICE = "input: 11x11x3\nlayers:\n  - conv: {filters: 4, kernel: 3x3, kernel: 5x5}\n"
FILE = "cnncalc-baseline.json"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with one warned spec in `specs`."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.yaml").write_text(WARNED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(group, ["lint", *arguments], input=input, catch_exceptions=False)


def put(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="utf-8")


def test_what_is_written(folder: Path) -> None:
    """Sorted JSON, one finding a line; nothing is printed, and the exit code is 0."""
    put("specs/Z.yaml", "input: 11x11x3\nlayers: [max_pol 2]\n")
    done = run("--write-baseline")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"{FILE}: 2 findings in 2 files\n"
    text = (folder / FILE).read_text(encoding="utf-8")
    assert json.loads(text) == {
        "format": 1,
        "findings": {
            "specs/Z.yaml": [
                {"code": "E202", "layer": "", "message": 'unknown layer type "max_pol"', "count": 1}
            ],
            "specs/a.yaml": [{"code": "A101", "layer": "max_pool_1", "message": BORDER, "count": 1}],
        },
    }  # fmt: skip
    assert text.index("Z.yaml") < text.index("a.yaml")
    assert f'      {{"code": "A101", "layer": "max_pool_1", "message": "{BORDER}", "count": 1}}\n' in text
    assert run("--write-baseline").stderr == done.stderr
    assert (folder / FILE).read_text(encoding="utf-8") == text
    assert sorted(os.listdir(folder / "specs")) == ["Z.yaml", "a.yaml"]
    assert sorted(os.listdir(folder)) == [FILE, "specs"]


def test_a_baseline_of_nothing(folder: Path) -> None:
    assert run("--write-baseline", "--ignore", "A101").stderr == f"{FILE}: 0 findings in 0 files\n"
    assert json.loads((folder / FILE).read_text(encoding="utf-8")) == {"format": 1, "findings": {}}
    assert run("--baseline", FILE).exit_code == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (WARNED, []),
        ("# one\n\n# more\n" + WARNED, []),
        (WARNED.replace("  - max_pool 2", "  -   {max_pool: 2}  # two"), []),
        (WARNED.replace("11x11", "13x13"), ["A101"]),  # another number, another finding
        (WARNED.replace("max_pool 2", "max_pool 2 name=pool"), ["A101"]),  # another layer
        (WARNED + "  - conv 4 2x2 p1 relu\n", ["A105"]),  # a new one beside it
        (WARNED.replace("max_pool", "max_pol"), ["E202"]),
    ],
)
def test_what_is_known_is_not_told(folder: Path, change: str, told: list[str]) -> None:
    run("--write-baseline")
    put("specs/a.yaml", change)
    done = run("--baseline", FILE, "--format", "json")
    assert [finding["code"] for finding in json.loads(done.stdout)["findings"]][:1] == told
    assert done.exit_code == (1 if told else 0)


def test_line_numbers_in_a_sentence_do_not_count(folder: Path) -> None:
    """`the other one is on line 3` is the same finding when it is line 5."""
    put("specs/a.yaml", TWICE)
    assert "line 3" in run().stdout
    run("--write-baseline")
    put("specs/a.yaml", "#\n#\n" + TWICE)
    assert "line 5" in run().stdout
    assert (run("--baseline", FILE).stdout, run("--baseline", FILE).exit_code) == ("", 0)


def test_equal_findings_are_counted(folder: Path) -> None:
    """Two comments for nothing are known; of three, one is told."""
    comment = "  # cnncalc: ignore[A102] gone\n"
    put("specs/a.yaml", "input: 12x12x3\nlayers:\n" + f"  - relu{comment}  - conv 4 3x3 p1{comment}  - relu\n")
    assert run("--write-baseline").stderr == f"{FILE}: 2 findings in 1 file\n"
    assert '"count": 2' in (folder / FILE).read_text(encoding="utf-8")
    put("specs/a.yaml", "input: 12x12x3\nlayers:\n" + f"  - relu{comment}  - conv 4 3x3 p1{comment}  - relu{comment}")
    done = run("--baseline", FILE, "--format", "concise")
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["5"]


def test_what_is_gone_is_said(folder: Path) -> None:
    run("--write-baseline")
    put("specs/a.yaml", WARNED.replace("11x11", "12x12"))
    done = run("--baseline", FILE)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"{FILE}: 1 finding of the baseline is gone: update it with --write-baseline\n"
    os.remove("specs/a.yaml")
    put("specs/b.yaml", WARNED.replace("11x11", "12x12"))
    assert run("--baseline", FILE).stderr == done.stderr
    assert run("--baseline", FILE, "--write-baseline").stderr == f"{FILE}: 0 findings in 0 files\n"


@pytest.mark.parametrize("arguments", [["specs/b.yaml"], ["--select", "N"], ["--ignore", "A101"]])
def test_what_was_not_asked_is_neither_gone_nor_dropped(folder: Path, arguments: list[str]) -> None:
    """A run over other files, or with other rules, says nothing about an entry, and rewriting keeps it."""
    run("--write-baseline")
    before = (folder / FILE).read_text(encoding="utf-8")
    put("specs/b.yaml", WARNED.replace("11x11", "12x12"))
    assert run("--baseline", FILE, *arguments).stderr == ""
    assert run("--write-baseline", *arguments).stderr == f"{FILE}: 1 finding in 1 file\n"
    assert (folder / FILE).read_text(encoding="utf-8") == before


def test_paths_are_relative_to_the_baseline(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same from every folder, and in another checkout."""
    run("--write-baseline", "--baseline", "specs/known.json", "specs")
    assert list(json.loads(Path("specs/known.json").read_text(encoding="utf-8"))["findings"]) == ["a.yaml"]
    assert run("--baseline", "specs/known.json", "specs").exit_code == 0
    os.rename("specs", "moved")
    monkeypatch.chdir(folder / "moved")
    assert run("--baseline", "known.json").exit_code == 0
    assert run("--baseline", str(folder / "moved" / "known.json"), "a.yaml").exit_code == 0


def test_what_cannot_be_read_is_never_known(folder: Path) -> None:
    """Neither is a text on the command line."""
    paths = ["specs/a.yaml", "specs/none.yaml", "11x11x3 -> max_pool 2"]
    done = run("--write-baseline", *paths)
    assert done.exit_code == 2
    assert done.stderr == f"{FILE}: 1 finding in 1 file\n"
    again = run("--baseline", FILE, *paths, "--format", "json")
    assert again.exit_code == 2
    assert [finding["code"] for finding in json.loads(again.stdout)["findings"]] == ["E106", "A101"]


def test_standard_input_under_the_name_of_a_file(folder: Path) -> None:
    """An editor that checks what is not saved yet sees the same findings."""
    run("--write-baseline")
    assert run("--baseline", FILE, "-", "--stdin-filename", "specs/a.yaml", input=WARNED).exit_code == 0
    assert run("--baseline", FILE, "-", input=WARNED).exit_code == 1


def test_what_is_known_is_fixed_all_the_same(folder: Path) -> None:
    put("specs/a.yaml", "input: 12x12x3\nlayers: [max_pool 2]  # cnncalc: ignore[A101] gone\n")
    run("--write-baseline")
    done = run("--fix", "--baseline", FILE)
    assert done.exit_code == 0
    assert done.stderr == (
        f"fixed 1 finding in 1 file\n{FILE}: 1 finding of the baseline is gone: update it with --write-baseline\n"
    )


def unusable() -> Iterator[object]:
    entry = '{"code": "A101", "layer": "", "message": "m", "count": 1}'
    yield pytest.param("", "1:1: error[E101]: the baseline is not JSON: Expecting value", id="empty")
    yield pytest.param('{"format": 1,\n<<<<<<< HEAD\n', "2:1: error[E101]: the baseline is not JSON", id="conflict")
    yield pytest.param("[]", '1:1: error[E204]: the baseline: expected an object with "format" and', id="list")
    yield pytest.param(
        '{"name": "package"}', "1:1: error[E204]: the baseline: expected an object with", id="another file"
    )
    yield pytest.param(
        '{"format": 2,\n "findings": {}}', "1:12: error[E204]: the baseline: its format is 2, but this version reads 1",
        id="format",
    )  # fmt: skip
    for place, old, new, message in [
        ("2:8", f"[{entry}]", "3", "expected a list of findings"),
        ("2:9", entry, "3", "expected an object"),
        ("2:18", '"A101"', "101", 'expected the text "code"'),
        ("2:9", '"layer": "", ', "", 'expected the text "layer"'),
        ("2:64", ": 1}", ": 0}", 'expected a "count" of at least 1'),
        ("2:64", ": 1}", ": true}", 'expected a "count" of at least 1'),
    ]:
        text = f'{{"format": 1, "findings": {{\n  "a": [{entry}]\n}}}}'.replace(old, new)
        yield pytest.param(text, f"{place}: error[E204]: the baseline: {message}", id=message + new)
    yield pytest.param("[" * 100_000, "1:1: error[E103]: the baseline is nested too deeply", id="nesting")
    yield pytest.param("9" * 5000, "1:1: error[E101]: the baseline is not JSON: Exceeds the limit", id="digits")


@pytest.mark.parametrize("options", [[], ["--write-baseline"]], ids=["read", "rewrite"])
@pytest.mark.parametrize(("text", "message"), list(unusable()))
def test_an_unusable_baseline_is_told_and_stays(folder: Path, text: str, message: str, options: list[str]) -> None:
    """With its place and exit code 2. What is no baseline is never written over."""
    put("b.json", text)
    done = run("--baseline", "b.json", *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"b.json:{message}")
    assert (folder / "b.json").read_text(encoding="utf-8") == text


def test_a_baseline_that_cannot_be_opened(folder: Path) -> None:
    done = run("--baseline", "none.json")
    assert done.exit_code == 2
    assert done.stderr == 'error[E106]: no such baseline: "none.json"\n  help: create one with --write-baseline\n'
    (folder / "b.json").write_bytes(b"\xff")
    assert 'the baseline "b.json" cannot be read: it is not UTF-8 text' in run("--baseline", "b.json").stderr
    assert 'the baseline "specs" cannot be read: Is a directory' in run("--baseline", "specs").stderr
    assert run("--baseline", "none/b.json", "--write-baseline").exit_code == 2


def test_names_that_are_no_text(folder: Path) -> None:
    """A file name of other bytes than UTF-8 is written with JSON's escapes, and read again."""
    with open(b"specs/\xff.yaml", "w", encoding="utf-8") as file:
        file.write(WARNED)
    assert run("--write-baseline", "specs").exit_code == 0
    assert "\\udcff" in (folder / FILE).read_text(encoding="utf-8")
    assert run("--baseline", FILE, "specs").exit_code == 0


@pytest.mark.parametrize(
    ("configuration", "arguments", "code"),
    [
        ("", [], 1),
        ('baseline = "known/all.json"\n', [], 0),
        ('baseline = "known/all.json"\n', ["specs/a.yaml"], 0),
        ('[lint]\nbaseline = "known/all.json"\n', [], 0),
        ('baseline = "known/none.json"\n', ["--baseline", "known/all.json"], 0),
        ('baseline = "known/all.json"\n', ["--baseline", "known/none.json"], 1),
        ('baseline = "known/lost.json"\n', [], 2),
        ('baseline = ""\n', [], 2),
        ("baseline = 3\n", [], 2),
        ('baseline = ["known/all.json"]\n', [], 2),
    ],
)
def test_the_configuration_names_a_baseline(
    folder: Path, monkeypatch: pytest.MonkeyPatch, configuration: str, arguments: list[str], code: int
) -> None:
    """It is relative to the configuration's file; the command's --baseline goes before it."""
    (folder / "known").mkdir()
    run("--write-baseline", "--baseline", "known/all.json")
    put("known/none.json", '{"format": 1, "findings": {}}')
    put("cnncalc.toml", configuration)
    assert run(*arguments).exit_code == code
    if arguments == []:
        monkeypatch.chdir(folder / "specs")
        assert run().exit_code == code


def test_the_named_baseline_is_written(folder: Path) -> None:
    """--write-baseline writes the configuration's, and the run after it is clean."""
    put("cnncalc.toml", 'baseline = "known.json"\n')
    assert run("--write-baseline").stderr == "known.json: 1 finding in 1 file\n"
    assert not Path(FILE).exists()
    assert (run().exit_code, run("--config", "cnncalc.toml").exit_code) == (0, 0)


def test_a_folder_that_is_not_there(folder: Path) -> None:
    """The error names the folder, and no file of our own in it."""
    done = run("--write-baseline", "--baseline", "gone/known.json")
    assert (done.exit_code, done.stderr) == (2, f"error: {folder / 'gone'}: No such file or directory\n")
