"""The commands `lint` and `rule`: exit codes, forms, options, standard input."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import cnncalc
from cnncalc.linting.rule import all_rules

Run = Callable[..., Result]

CLEAN = "input: 12x12x3\nlayers: [max_pool 2]\n"
WARNED = "input: 11x11x3\nlayers:\n  - max_pool 2\n"
BROKEN = "input: 11x11x3\nlayers:\n  - max_pol 2\n"
BLOCK = """\
input: 45x45x3
blocks:
  stage:
    parameters: {filters: ~}
    layers:
      - conv ${filters} 3x3 same
      - batch_norm relu
layers:
  - stage 8
  - stage 16
expect: {output: 45x45x8}
"""


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with a clean, a warned and a broken spec, and one with a block."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"clean": CLEAN, "warned": WARNED, "broken": BROKEN, "block": BLOCK}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["clean.yaml"], 0),
        (["warned.yaml"], 1),
        (["broken.yaml"], 1),
        (["."], 1),
        ([], 1),
        (["warned.yaml", "--severity", "error"], 0),
        (["broken.yaml", "--severity", "error"], 1),
        (["warned.yaml", "--max-warnings", "1"], 0),
        (["broken.yaml", "--max-warnings", "9"], 1),
        (["warned.yaml", "--ignore", "A101"], 0),
        (["warned.yaml", "--select", "N"], 0),
        (["warned.yaml", "--select", "N,unseen-border"], 1),
        (["warned.yaml", "--statistics"], 1),
        (["gone.yaml"], 2),
        (["clean.yaml", "gone.yaml", "warned.yaml"], 2),
        (["clean.yaml", "--select", "A999"], 2),
        (["clean.yaml", "--select", ""], 2),  # an empty variable of CI: nothing would be checked
        (["clean.yaml", "--select", ","], 2),
        (["warned.yaml", "--ignore", ""], 1),
        (["clean.yaml", ""], 2),
        (["clean.yaml", "--stdin-filename", "clean.yaml"], 2),  # nothing reads standard input
        (["clean.yaml", "--config", "gone.toml"], 2),
        (["clean.yaml", "--format", "xml"], 2),
        (["quiz", "resnet101", "12x12x3 -> max_pool 2"], 0),
    ],
)
def test_exit_codes(run: Run, specs: Path, arguments: list[str], code: int) -> None:
    """0 clean, 1 findings that count, 2 unusable."""
    assert run("lint", *arguments).exit_code == code


def test_nothing_is_printed_where_nothing_is_found(run: Run, specs: Path) -> None:
    """Neither on stdout nor on stderr."""
    result = run("lint", "clean.yaml")
    assert (result.stdout, result.stderr) == ("", "")


def test_text(run: Run, specs: Path) -> None:
    """By file, in columns, the hint below the sentence, the counts at the end."""
    assert run("lint", "block.yaml", "broken.yaml").stdout == (
        "block.yaml\n"
        "    6:9  warning  N101  stage_1.conv_1: its 8 biases have no effect: stage_1.batch_norm_1 subtracts the "
        "mean (and 1 more layer like it)\n"
        "                        write bias=false\n"
        "  11:18  error    E401  the model: expected output 45x45x8, got 45x45x16\n"
        "\n"
        "broken.yaml\n"
        '  3:5  error  E202  unknown layer type "max_pol"\n'
        '                    did you mean "max_pool"?\n'
        "\n"
        "2 errors and 1 warning in 2 of 2 files\n"
    )


def test_concise(run: Run, specs: Path) -> None:
    """A line each."""
    lines = run("lint", ".", "--format", "concise").stdout.splitlines()
    assert [line.partition("] ")[0] for line in lines] == [
        "block.yaml:6:9: warning[N101",
        "block.yaml:11:18: error[E401",
        "broken.yaml:3:5: error[E202",
        "warned.yaml:3:5: warning[A101",
    ]
    assert lines[1].partition("] ")[2] == "the model: expected output 45x45x8, got 45x45x16"


def test_full(run: Run, specs: Path) -> None:
    """The line with carets, what to do, why."""
    assert run("lint", "warned.yaml", "--format", "full").stdout == (
        "warned.yaml:3:5: warning[A101]: max_pool_1: the last row and column of the 11x11 input are never used: "
        "11 − 2 = 9 is not divisible by stride 2\n"
        "  3 |   - max_pool 2\n"
        "    |     ^^^^^^^^\n"
        "  help: use a height and width of 10 or 12\n"
        "  why: unseen_border: Features at the lower and right edges of the image are lost; "
        "those at the other edges are not.\n"
        "\n"
        "1 warning\n"
    )


def test_json(run: Run, specs: Path) -> None:
    """An object with a version, counts and findings; one is printed even where there are none."""
    found = json.loads(run("lint", ".", "--format", "json").stdout)
    assert (found["format"], found["files"]) == (1, 4)
    assert found["counts"] == {"error": 2, "warning": 2, "info": 0}
    assert [finding["code"] for finding in found["findings"]] == ["N101", "E401", "E202", "A101"]
    assert found["findings"][0]["layers"] == ["stage_1.conv_1", "stage_2.conv_1"]
    assert json.loads(run("lint", "clean.yaml", "--format", "json").stdout)["findings"] == []


def test_statistics(run: Run, specs: Path) -> None:
    """How often each rule found something, as text and as JSON."""
    lines = run("lint", "warned.yaml", "11x11x3 -> max_pool 2 -> relu -> relu", "--statistics").stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [["2", "A101", "unseen_border"], ["1", "N103", "double_activation"]]
    found = json.loads(run("lint", "warned.yaml", "--statistics", "--format", "json").stdout)
    assert found == [{"code": "A101", "name": "unseen_border", "count": 1}]


def test_standard_input(run: Run, specs: Path) -> None:
    """Under the name that is given, with the configuration that counts there."""
    assert run("lint", "-", input=WARNED).stdout.startswith("<stdin>\n  3:5  warning  A101")
    named = run("lint", "-", "--stdin-filename", "nets/a.yaml", input=WARNED)
    assert named.stdout.startswith("nets/a.yaml\n")
    (specs / "nets").mkdir()
    (specs / "nets" / "cnncalc.toml").write_text('ignore = ["A101"]\n')
    assert run("lint", "-", "--stdin-filename", "nets/a.yaml", input=WARNED).exit_code == 0


def test_standard_input_that_is_no_text(specs: Path) -> None:
    """A finding, as of a file."""
    done = subprocess.run(
        [sys.executable, "-m", "cnncalc", "lint", "-"], input=b"\xff\xfei\x00", capture_output=True, check=False,
        env={"PYTHONPATH": str(Path(cnncalc.__file__).parents[1])},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"E104  the text is in UTF-16" in done.stdout


def test_colour(run: Run, specs: Path) -> None:
    """Where it is asked for; otherwise none."""
    assert "\x1b[" not in run("lint", ".").stdout
    for form in ("text", "full", "concise"):
        assert "\x1b[1;33m" in run("lint", "warned.yaml", "--format", form, "--color", "always").stdout


def test_a_configuration_with_a_mistake(run: Run, specs: Path) -> None:
    """Nothing is checked; the place is shown on stderr."""
    (specs / "cnncalc.toml").write_text("[lint]\nslect = []\n")
    result = run("lint", ".")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'cnncalc.toml:2:1: error[E201]: unknown key "slect"' in result.stderr
    assert 'did you mean "select"?' in result.stderr


def test_an_option_with_a_mistake(run: Run, specs: Path) -> None:
    """A word that names no rule is told with what it could have been."""
    assert 'unknown rule "unsen_border": did you mean "unseen_border"?' in run(
        "lint", "--select", "unsen_border"
    ).stderr.replace("\n", " ")


@pytest.mark.parametrize("word", ["A101", "a101", "unseen_border", "unseen-border"])
def test_rule(run: Run, word: str) -> None:
    """By code or name: what it finds, why, two examples, options."""
    text = run("rule", word).stdout
    assert text.startswith("A101 unseen_border\nA stride does not divide evenly, so the last rows")
    for part in (
        "Why\n",
        "Found in\n  11x11x3 -> max_pool 2\n",
        "Not in\n  12x12x3 -> max_pool 2\n",
        "most (default 0)",
    ):
        assert part in text


def test_rules_are_listed(run: Run) -> None:
    """One line each, by family; those that are off by default say so."""
    lines = run("rule").stdout.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [rule.code for rule in all_rules()]
    assert lines[0] == "errors"
    assert sum(line.endswith("(off by default)") for line in lines) == sum(not rule.default for rule in all_rules())


@pytest.mark.parametrize(("word", "codes"), [("E4", ["E401", "E402"]), ("s00", ["S001", "S002"])])
def test_rules_that_begin_alike(run: Run, word: str, codes: list[str]) -> None:
    """The words that --select takes; one rule alone is told in full."""
    lines = run("rule", word).stdout.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == codes
    assert [rule["code"] for rule in json.loads(run("rule", word, "--format", "json").stdout)] == codes
    titles = [line for line in run("rule", word, "--format", "markdown").stdout.splitlines() if line.startswith("### ")]
    assert [title.split()[1] for title in titles] == codes


def test_rules_for_machines(run: Run) -> None:
    """JSON of one or of all; an unknown rule is told."""
    assert json.loads(run("rule", "A101", "--format", "json").stdout)["name"] == "unseen_border"
    assert len(json.loads(run("rule", "--format", "json").stdout)) == len(all_rules())
    assert run("rule", "A101", "--format", "markdown").stdout.startswith("### A101 unseen_border\n")
    unknown = run("rule", "evn_kernel")
    assert unknown.exit_code == 2
    assert 'did you mean "even_kernel"?' in unknown.stderr


YOLO = """nc: 80
scales: {n: [0.33, 0.25, 1024], s: [0.33, 0.5, 1024]}
backbone:
  - [-1, 1, Conv, [64, 3, 2]]
head:
  - [[0], 1, Detect, [nc]]
"""


@pytest.mark.parametrize(
    ("setting", "code", "said"),
    [
        ("scale=s", 0, ""),  # without it, a warning that the first scale is used
        ("scale=z", 2, 'scale "z" is not one of the file'),
        ("k=9", 1, "kernel 9 is larger than the input 8"),
        ("q=9", 1, 'the spec has no variable "q"'),
    ],
)
def test_variables_are_set(run: Run, setting: str, code: int, said: str, tmp_path: Path) -> None:
    """For options of a model file and for variables of a spec, as in all commands that read one."""
    file = tmp_path / ("yolo.yaml" if "scale" in setting else "net.yaml")
    spec = 'input: 8x8x3\nvariables: {k: 3}\nlayers: ["conv 4 ${k}"]\n'
    file.write_text(YOLO if "scale" in setting else spec, encoding="utf-8")
    found = run("lint", "--set", setting, "--no-cache", str(file))
    assert (found.exit_code, said in found.stdout) == (code, True)


def test_variables_in_python(tmp_path: Path) -> None:
    """`cnncalc.lint(variables=…)` is `--set`."""
    spec, yolo = tmp_path / "net.yaml", tmp_path / "yolo.yaml"
    spec.write_text('input: 8x8x3\nvariables: {k: 3}\nlayers: ["conv 4 ${k}"]\n', encoding="utf-8")
    yolo.write_text(YOLO, encoding="utf-8")
    assert not [each for each in cnncalc.lint(spec) if each.severity == "error"]
    (found,) = [each for each in cnncalc.lint(spec, variables={"k": 9}) if each.severity == "error"]
    assert "kernel 9 is larger than the input 8" in found.message
    assert [each.code for each in cnncalc.lint(yolo, select=["E112"])] == ["E112"]
    assert cnncalc.lint(yolo, select=["E112"], variables={"scale": "s"}) == []
