"""`cnncalc sweep` as typed: its forms, files that go on where they end, the front, and the document."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from cnncalc.cli._group import group
from cnncalc.sweeping.sweep import Sweep
from tests.together import for_each

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "sweep.md").read_text(encoding="utf-8")
NET = "9x9x3 -> conv 4 3x3 -> conv 8 3x3"
VARIED = ("--vary", "input=3..9", "--keep", "macs<=10k")
"""3 and 4 fail in the second layer; (n−2)²·108 + (n−4)²·288 MACs are at most 10,000 up to 8."""


def macs(n):
    return (n - 2) ** 2 * 108 + (n - 4) ** 2 * 288


def run(*arguments):
    return CliRunner().invoke(group, ["sweep", *arguments], prog_name="cnncalc", catch_exceptions=False)


def screens():
    return re.findall(r"^```console\n\$ ([^\n]*)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)


@for_each(("command", "screen"), screens())
def test_screens_of_the_document(command, screen):
    """Each command prints what the document shows, with the counts, which are on standard error, at the end."""
    done = CliRunner().invoke(group, shlex.split(command)[1:], prog_name="cnncalc")
    assert done.stdout + done.stderr == screen


def test_python_of_the_document(tmp_path, monkeypatch):
    """Its Python runs."""
    monkeypatch.chdir(tmp_path)
    for code in re.findall(r"^```python\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL):
        exec(compile(code, "docs/sweep.md", "exec"), {"__name__": "document"})


def test_csv():
    """A row for each kept variant and each failure; the counts are on standard error."""
    done = run(NET, *VARIED)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["input"], row["macs"], row["failure"][:14]) for row in rows] == [
        ("3", "", "E301 conv_2: k"),
        ("4", "", "E301 conv_2: k"),
        *((str(n), str(macs(n)), "") for n in (5, 6, 7, 8) if macs(n) <= 10_000),
    ]
    assert [row["receptive_field"] for row in rows[2:]] == ["5x5"] * 4
    assert done.stderr.startswith("7 combinations: 4 kept, 1 does not meet macs <= 10,000, 2 cannot be built\n")


def test_json():
    """The same as one object."""
    found = json.loads(run(NET, *VARIED, "--format", "json").stdout)
    assert found["varied"] == [{"name": "input", "values": [3, 4, 5, 6, 7, 8, 9]}]
    assert [each["metrics"]["macs"] for each in found["variants"] if "metrics" in each] == list(map(macs, range(5, 9)))
    assert (found["combinations"], found["kept"], found["failed"]) == (7, 4, 2)
    (failure,) = found["failures"]
    assert (failure["count"], failure["first"], failure["code"]) == (2, {"input": 3}, "E301")


def test_markdown():
    """A table of the kept variants, then the failures."""
    lines = run(NET, *VARIED, "--format", "markdown").stdout.splitlines()
    assert [line.split(" | ")[0] for line in lines[2:6]] == ["| 5", "| 6", "| 7", "| 8"]
    assert lines[-1].startswith("- 2 variants fail, the first at 3: conv")


def test_nothing_kept():
    """The exit code is 1."""
    assert run(NET, "--vary", "input=5..9", "--keep", "macs<=1").exit_code == 1
    assert run(NET, "--vary", "input=5..9").exit_code == 0


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_goes_on_where_it_ends(form, tmp_path):
    """Wherever the file is cut, the run completes it to the same bytes."""
    path = tmp_path / f"variants.{form}"
    run(NET, *VARIED, "-o", str(path))
    whole = path.read_bytes()
    wrong = []
    for cut in (*range(0, len(whole), 31), len(whole) - 1, len(whole)):
        path.write_bytes(whole[:cut])
        done = run(NET, *VARIED, "-o", str(path))
        counts = "7 combinations: 4 kept, 1 does not meet macs <= 10,000, 2 cannot be built"
        if path.read_bytes() != whole or counts not in done.stderr or done.exit_code:
            wrong.append(cut)
    assert wrong == []


def test_an_interrupted_run_says_how_to_go_on(tmp_path, monkeypatch):
    """After the first chunk, which is one combination, Ctrl-C is pressed; the next run completes the file."""
    path = tmp_path / "variants.csv"
    asked = (NET, "--vary", "input=5..200", "-o", str(path))
    batches = Sweep.batches

    def interrupted(self, after=None):
        yield next(batches(self, after))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Sweep, "batches", interrupted)
        done = run(*asked)
    assert (done.exit_code, len(path.read_text().splitlines())) == (130, 2)
    assert "variants.csv: stopped after 1 of 196 combinations; the same command goes on" in done.stderr
    assert "goes on after 1 combination of 196" in run(*asked).stderr
    assert len(path.read_text().splitlines()) == 197


@pytest.mark.parametrize("form", ["csv", "json"])
def test_dropped_variants_at_the_end_are_not_tried_again(form, tmp_path, monkeypatch):
    """9 to 90 are dropped; Ctrl-C after the first 50 combinations. A line notes them until the file is complete."""
    path = tmp_path / f"variants.{form}"
    asked = (NET, "--vary", "input=3..90", "--keep", "macs<=10k", "-o", str(path))
    run(*asked)
    whole, batches, first = path.read_bytes(), Sweep.batches, []

    def interrupted(self, after=None):
        found = [variant for variants in batches(self, after) for variant in variants]
        self.tally.tried = 50
        yield found
        raise KeyboardInterrupt

    def noted(self, after=None):
        first.append(after.tried)
        return batches(self, after)

    path.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(Sweep, "batches", interrupted)
        run(*asked)
    unfinished = path.read_bytes()
    assert unfinished.splitlines()[-1] == b"# 50 of 88 combinations tried; the same command goes on"
    monkeypatch.setattr(Sweep, "batches", noted)
    for cut in (0, 1, 30, 55):
        path.write_bytes(unfinished[: len(unfinished) - cut])
        run(*asked)
        assert path.read_bytes() == whole
    assert first == [50, 6, 6, 6]


# what is in the file, other arguments, a part of the message
FOREIGN = [
    ("", "hello\n", (), "begins differently"),
    ("csv", None, ("--vary", "input=3..9", "--batch", "2"), "its last row has other values"),
    ("csv", None, ("--vary", "input=3..9", "--keep", "conv_1.macs<=10k"), "begins differently"),
    ("csv", None, ("--vary", "input=3..5"), "line 5 is not one of its rows"),
    ("json", None, ("--vary", "input=3..9", "--batch", "2"), "begins differently"),
]


@for_each(("form", "text", "arguments", "message"), FOREIGN)
def test_the_file_of_another_sweep(form, text, arguments, message, tmp_path):
    """It is not touched, unless --force is given."""
    path = tmp_path / f"x.{form or 'csv'}"
    path.unlink(missing_ok=True)
    if text is None:
        run(NET, "--vary", "input=3..9", "-o", str(path))
    else:
        path.write_text(text)
    before = path.read_bytes()
    done = run(NET, *(arguments or VARIED), "-o", str(path))
    assert (done.exit_code, path.read_bytes()) == (2, before)
    assert message in done.stderr
    assert run(NET, *(arguments or VARIED), "-o", str(path), "--force").exit_code == 0
    assert path.read_bytes() != before


# options of the run that wrote the file, options of the next run
OTHER_CONDITIONS = [
    (("--keep", "macs>=5k"), ()),
    ((), ("--keep", "macs>=5k")),
    (("--keep", "macs>=5k"), ("--keep", "macs>=5001")),
    (("--keep", "macs>=5k"), ("--keep", "macs<=5k")),
    (("--pareto", "macs:max,params"), ()),
    (("--pareto", "macs,params"), ("--keep", "macs>=5k")),
]


@for_each(("first", "second"), OTHER_CONDITIONS)
def test_a_csv_file_of_other_conditions(first, second, tmp_path):
    """It is rejected by its first line, which names the conditions: rows would be missing, or too many."""
    path = tmp_path / "x.csv"
    path.unlink(missing_ok=True)
    run(NET, "--vary", "input=3..9", *first, "-o", str(path))
    before = path.read_bytes()
    done = run(NET, "--vary", "input=3..9", *second, "-o", str(path))
    assert (done.exit_code, path.read_bytes()) == (2, before)
    assert "it begins differently (another --vary, --keep or --pareto)" in done.stderr


LIMITED = """
input: 9x9x3
variables: {width: 4}
layers:
  - conv ${width} 3x3
  - conv: {filters: 8, kernel: 3, budget: {params: 500}}
budget: {macs: 20k}
"""
"""For a width of 4: 4·9·8 + 8 = 296 parameters, 7·7·4·27 + 5·5·8·36 = 12,492 MACs; of 8: 584 and 24,984."""

EXCEEDED = "conv_2: params 584 exceeds the budget of 500; the model: macs 24,984 exceeds the budget of 20k"


@pytest.mark.parametrize("form", ["csv", "json", "markdown"])
def test_a_budget_that_is_exceeded(form, tmp_path):
    """The row has the words of the rule, and the counts have the first; a file that goes on has the same."""
    spec, path = tmp_path / "limited.yaml", tmp_path / "rows"
    spec.write_text(LIMITED)
    asked = (str(spec), "--vary", "width=4,8", "--format", form)
    done = run(*asked)
    rows = [line for line in done.stdout.splitlines() if "24984" in line or "24,984" in line]
    assert (done.exit_code, len(rows), done.stdout.count("exceeds the budget of 500")) == (0, 1, 1)
    texts = json.loads(rows[0])["budget"] if form == "json" else [EXCEEDED]
    assert "; ".join(texts) == EXCEEDED
    assert form == "json" or EXCEEDED in rows[0]
    counts = f"2 combinations: 2 valid\n  1 over budget, the first at width=8: {EXCEEDED}\n"
    assert done.stderr == counts
    if form != "markdown":
        path.write_text(done.stdout)
        assert run(*asked, "-o", str(path)).stderr.endswith(counts)


def test_the_front(tmp_path):
    """Larger inputs cost more and give more: all are on the front. The plot has a circle and a title for each."""
    asked = (NET, "--vary", "input=5..9", "--pareto", "macs,activation_elements:max")
    done = run(*asked)
    assert [row["input"] for row in csv.DictReader(io.StringIO(done.stdout))] == list("56789")
    assert "Pareto front: 5 variants by macs (less is better), activation_elements (more is better)" in done.stderr
    run(*asked, "-o", str(tmp_path / "front.svg"))
    root = ElementTree.parse(tmp_path / "front.svg").getroot()
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) == 10
    # 3·3·4 numbers after the first layer, 1·1·8 after the second
    assert titles[1] == f"input=5: macs {macs(5):,}, activation_elements 44"
    again = run(*asked, "-o", str(tmp_path / "front.svg"))
    assert (again.exit_code, "--force" in again.stderr) == (2, True)


# arguments, a part of the message
WRONG = [
    ((NET,), "Missing option '--vary'"),
    ((NET, "--vary", "input"), "--vary needs NAME=RANGE"),
    ((NET, "--vary", "input=3", "--format", "svg"), "needs --pareto with two metrics"),
    ((NET, "--vary", "input=3", "--vary", "input=4"), "given twice"),
    ((NET, "--vary", "input=3", "--keep", ""), "--keep needs conditions"),
    ((NET, "--vary", "input=3", "--pareto", ""), "pareto needs metrics"),
    ((NET, "--vary", "input=3", "--pareto", "macs,macs"), 'pareto: "macs" is given twice'),
    ((NET, "--vary", "batch=1..4"), "cnncalc solve SPEC --vary batch="),
    ((NET, "--vary", "input=9", "--keep", "training_memory<=1GiB"), "cnncalc solve SPEC --vary batch="),
    ((NET, "--vary", "input=3..4", "--keep", "macs<5"), '"macs<5" is not a condition'),
]


@for_each(("arguments", "message"), WRONG)
def test_wrong_arguments(arguments, message):
    """The exit code is 2 and the message says what to write."""
    done = run(*arguments)
    assert (done.exit_code, message in done.output) == (2, True), done.output
