"""The command `diff`: exit codes, forms, limits, and files at git revisions of a real repository."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import cnncalc

Run = Callable[..., Result]

GOLDEN = Path(__file__).parent / "golden"
OLD = """\
name: net
input: 64x64x3
layers:
  - conv 16 3x3 same relu name=stem
  - conv 16 3x3 same relu
  - max_pool 2
  - conv 32 3x3 same relu
  - conv 32 3x3 same relu
  - max_pool 2
  - dropout 0.5
  - flatten
  - dense 100 relu name=hidden
  - dense 10 name=head
"""
NEW = """\
name: net
input: 64x64x3
layers:
  - conv 24 5x5 s2 same gelu name=stem
  - conv 16 3x3 same relu
  - conv 16 1x1 same relu
  - avg_pool 2
  - conv 32 3x3 same relu
  - conv 32 3x3 same relu
  - max_pool 2
  - flatten
  - dropout 0.5
  - dense 100 relu name=fc
  - dense 10 name=head
"""


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, with no configuration but what is given here."""
    identity = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of two commits of specs/net.yaml, its top the current folder."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    git(tmp_path, "init", "--quiet")
    for text in (OLD, NEW):
        (tmp_path / "specs" / "net.yaml").write_text(text, encoding="utf-8")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "-m", "a commit")
    return tmp_path


# --- git -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "old", "new", "differ"),
    [
        (".", "git:HEAD~1:specs/net.yaml", "git:HEAD:specs/net.yaml", True),
        (".", "git:HEAD~1:specs/net.yaml", "specs/net.yaml", True),
        (".", "git:HEAD:specs/net.yaml", "specs/net.yaml", False),
        ("specs", "git:HEAD:./net.yaml", "net.yaml", False),
        ("specs", "git:HEAD~1:./net.yaml", "git:HEAD~1:specs/net.yaml", False),
        (".", "git::specs/net.yaml", "specs/net.yaml", False),
    ],
)
def test_revisions(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch, folder: str, old: str, new: str, differ: bool
) -> None:  # fmt: skip
    """A path counts from the top of the repository, or with ./ from the current folder; no revision is the index."""
    monkeypatch.chdir(repository / folder)
    result = run("diff", old, new)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (result.stdout != "no differences\n") is differ


def test_the_index_is_what_is_staged(repository: Path, run: Run) -> None:
    """What was staged, not what was committed, nor what lies in the folder."""
    (repository / "specs" / "net.yaml").write_text(OLD, encoding="utf-8")
    git(repository, "add", ".")
    (repository / "specs" / "net.yaml").write_text("nothing", encoding="utf-8")
    assert run("diff", "git::specs/net.yaml", "git:HEAD~1:specs/net.yaml").stdout == "no differences\n"


def test_other_commands_read_revisions_too(repository: Path, run: Run) -> None:
    """The old commit's parameters: 448 + 2,320 + 4,640 + 9,248 + 819,300 + 1,010, by the formula (K²·C + 1)·F."""
    result = run("summary", "git:HEAD~1:specs/net.yaml", "--format", "json")
    assert json.loads(result.stdout)["totals"]["params"] == 836_966
    assert cnncalc.analyze("git:HEAD~1:specs/net.yaml").totals.params == 836_966


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("git:nope:specs/net.yaml", "invalid object name 'nope'"),
        ("git:HEAD:net.yaml", "path 'net.yaml' does not exist in 'HEAD'"),
        ("git:HEAD~9:specs/net.yaml", "invalid object name 'HEAD~9'"),
        ("git:HEAD:specs", '"specs" is a folder'),
        ("git:HEAD", "write git:REVISION:PATH"),
        ("git:", "write git:REVISION:PATH"),
        ("git:HEAD:", "write git:REVISION:PATH"),
        ("git:--output=x:specs/net.yaml", "is not a file of a revision"),
        ("git::/a commit", "is not a file of a revision"),
        ("git:HEA*:specs/net.yaml", "invalid object name 'HEA*'"),
        ("git::(top)specs/net.yaml", "path '(top)specs/net.yaml' does not exist"),
        ("git::!specs", "path '!specs' does not exist"),
        ("git:HEAD:specs/*.yaml", "path 'specs/*.yaml' does not exist in 'HEAD'"),
        ("git:HEAD~1..HEAD:specs/net.yaml", "invalid object name 'HEAD~1..HEAD'"),
        ("git:HEAD:a\0b", "is not a file of a revision"),
    ],
)
def test_what_git_cannot_show(repository: Path, run: Run, reference: str, words: str) -> None:
    """Git's own words, or ours where git would do something else; exit code 2."""
    result = run("diff", reference, "specs/net.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert "E106" in result.stderr


def test_gits_hint_is_passed_on(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In specs/, `git:HEAD:net.yaml` lacks its folder, and git says so."""
    monkeypatch.chdir(repository / "specs")
    result = run("diff", "git:HEAD:net.yaml", "net.yaml")
    assert result.exit_code == 2
    assert "path 'specs/net.yaml' exists, but not 'net.yaml'" in result.stderr
    assert "help: Did you mean 'HEAD:specs/net.yaml' aka 'HEAD:./net.yaml'?" in result.stderr


def test_outside_a_repository(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No repository, no revision."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(tmp_path)
    result = run("diff", "git:HEAD:a.yaml", "quiz")
    assert result.exit_code == 2
    assert "not a git repository" in result.stderr


def test_without_git(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no git, that is what is said."""
    monkeypatch.setenv("PATH", "")
    result = run("diff", "git:HEAD:a.yaml", "quiz")
    assert result.exit_code == 2
    assert "git cannot be run: No such file or directory" in result.stderr


def test_a_large_file_of_a_revision(repository: Path, run: Run) -> None:
    """The limit on a file's size holds for revisions; the message and the option are those of files."""
    result = run("diff", "git:HEAD:specs/net.yaml", "quiz", "--max-file-size", "100")
    assert result.exit_code == 2
    assert "git:HEAD:specs/net.yaml" in result.stderr
    assert "--max-file-size" in result.stderr


def test_a_mistake_in_an_old_revision_is_located(repository: Path, run: Run) -> None:
    """The line and column in the file as it was."""
    (repository / "specs" / "net.yaml").write_text("input: 8x8x3\nlayers:\n  - konv 3\n", encoding="utf-8")
    git(repository, "commit", "--quiet", "-a", "-m", "a mistake")
    result = run("diff", "git:HEAD:specs/net.yaml", "git:HEAD~1:specs/net.yaml")
    assert result.exit_code == 2
    assert "git:HEAD:specs/net.yaml:3:5: error[E202]" in result.stderr


# --- forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "golden"),
    [
        ((), "diff.txt"),
        (("--all",), "diff_all.txt"),
        (("--format", "markdown", "--fail-on", "macs=+5%", "--fail-on", "peak_activation=-10%"), "diff.md"),
        (("--format", "json", "--fail-on", "params=-10%"), "diff.json"),
    ],
)
def test_screens(repository: Path, run: Run, arguments: tuple[str, ...], golden: str) -> None:
    """The whole screen; its figures follow from the two tables of `summary`, see the next test."""
    result = run("diff", "git:HEAD~1:specs/net.yaml", "specs/net.yaml", *arguments)
    assert result.exit_code == ("--fail-on" in arguments)
    assert result.stdout == (GOLDEN / golden).read_text(encoding="utf-8")


def test_the_figures_of_the_screens(repository: Path, run: Run) -> None:
    """Added up by hand: (K²·C + 1)·F parameters, K²·C·F multiply-accumulates at each output position."""
    found = json.loads(run("diff", "git:HEAD~1:specs/net.yaml", "specs/net.yaml", "--format", "json").stdout)
    old = (27 + 1) * 16 + (144 + 1) * 16 + (144 + 1) * 32 + (288 + 1) * 32 + (16 * 16 * 32 + 1) * 100 + 1010
    new = (75 + 1) * 24 + (216 + 1) * 16 + 17 * 16 + (144 + 1) * 32 + (288 + 1) * 32 + (8 * 8 * 32 + 1) * 100 + 1010
    assert found["totals"]["params"] == {"old": old, "new": new, "change": new - old, "percent": -73.07}
    old = 64 * 64 * (27 * 16 + 144 * 16) + 32 * 32 * (144 * 32 + 288 * 32) + 16 * 16 * 32 * 100 + 1000
    new = 32 * 32 * (75 * 24 + 216 * 16 + 16 * 16) + 16 * 16 * (144 + 288) * 32 + 8 * 8 * 32 * 100 + 1000
    assert found["totals"]["macs"] == {"old": old, "new": new, "change": new - old, "percent": -64.14}
    statuses = [layer["status"] for layer in found["layers"] if layer["status"] != "affected"]
    assert statuses == ["changed", "added", "changed", "moved", "renamed"]


def test_a_markdown_comment_of_a_large_model_stays_within_githubs_limit(run: Run) -> None:
    """65,536 characters, and what is left out is said."""
    old, new = (f"16x16x3 -> {' -> '.join([item] * 2000)}" for item in ("relu", "conv 3 3x3 same"))
    result = run("diff", old, new, "--format", "markdown")
    assert len(result.stdout) < 65_536
    assert "3,900 more rows are shown with `--all`." in result.stdout


def test_many_layers_changed_in_the_same_way_are_one_row(run: Run) -> None:
    """Every activation replaced: told once, with how many."""
    old, new = (f"8x8x3 -> {' -> '.join(['conv 3 3x3 same', item] * 5)}" for item in ("relu", "gelu"))
    assert "~ 5 layers  relu\n" not in run("diff", old, new).stdout
    assert "~ 5 layers  gelu\n    type relu → gelu\n    relu_1" not in run("diff", old, new).stdout
    assert "~ 5 layers  gelu\n    type relu → gelu\n    gelu_1 … gelu_5\n" in run("diff", old, new).stdout


def test_an_added_layer_is_shown_without_default_values(run: Run) -> None:
    """Model files state every field; those that a spec may leave out are noise."""
    added = "conv 3 3x3 stride=[1, 1] padding=1 dilation=1 bias=false groups=1"
    shown = run("diff", "8x8x3 -> relu", f"8x8x3 -> relu -> {added}").stdout
    assert "+ conv_1  conv 3 3x3 padding=1 bias=false\n" in shown


def test_colour(run: Run) -> None:
    """Added is green, changed yellow; without --color there is no escape in a pipe."""
    arguments = ("diff", "8x8x3 -> conv 3 3x3 same", "8x8x3 -> conv 3 5x5 same -> relu")
    assert "\x1b" not in run(*arguments).stdout
    colored = run(*arguments, "--color", "always").stdout
    assert "\x1b[32m+ relu_1" in colored
    assert "\x1b[33m~ conv_1" in colored


def test_a_branch_that_changed_its_place(run: Run) -> None:
    """It stands behind the same input as before: that it moved is all that there is to say."""
    old = "32x32x8 -> concat(conv 8 3x3 same relu | conv 4 5x5 same relu)"
    new = "32x32x8 -> concat(conv 4 5x5 same relu | conv 8 3x3 same relu)"
    lines = run("diff", old, new).stdout.splitlines()
    assert [line.strip() for line in lines if line.startswith("    ")][-3:] == [
        "moved",
        "was conv_1",
        "inputs conv_2, conv_1 → conv_1, conv_2",
    ]


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_no_differences(run: Run, form: str) -> None:
    """One line says so."""
    result = run("diff", "resnet18", "resnet18", "--format", form)
    assert result.exit_code == 0
    assert result.stdout in ("no differences\n", "**`resnet18` → `resnet18`**: no differences\n")


def test_standard_input(run: Run) -> None:
    """One side may come from standard input, not both."""
    result = run("diff", "-", "8x8x3 -> relu", input="8x8x3 -> gelu")
    assert "type gelu → relu" in result.stdout
    result = run("diff", "-", "-", input="8x8x3 -> gelu")
    assert (result.exit_code, "only one of OLD and NEW" in result.stderr) == (2, True)


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "code", "words"),
    [
        ([], 0, ""),
        (["params=+5%"], 1, "over the limit: parameters +86.5% (11,689,512 → 21,797,672), allowed is +5%"),
        (["params=+86.5%"], 0, ""),
        (["params=+86%"], 1, "allowed is +86%"),
        (["params=+10M"], 1, "over the limit: parameters +10,108,160 (11,689,512 → 21,797,672), allowed is +10M"),
        (["params=+11M"], 0, ""),
        (["params=20M"], 1, "over the limit: parameters 11,689,512 → 21,797,672, allowed is at most 20M"),
        (["params=22M"], 0, ""),
        (["output"], 0, ""),
        (["layers=+0"], 1, "over the limit: layers +48 (60 → 108), allowed is +0"),
        (["layers"], 1, "over the limit: layers 60 → 108, may not change"),
        (["output", "receptive_field=-1", "macs=+5%"], 1, "over the limit: MACs +102.0%"),
    ],
)
def test_fail_on(run: Run, limits: list[str], code: int, words: str) -> None:
    """Exit code 1 where a limit is exceeded; the output says which. The parameters are torchvision's."""
    result = run("diff", "resnet18", "resnet34", *(word for limit in limits for word in ("--fail-on", limit)))
    assert result.exit_code == code
    assert words in result.stdout
    assert result.stdout.count("over the limit") == code


def test_a_limit_that_is_none(run: Run) -> None:
    """A wrong value is a usage error with a hint."""
    result = run("diff", "quiz", "quiz", "--fail-on", "parms=+5%")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'unknown metric "parms": did you mean "params"?' in result.stderr


def test_a_limit_that_no_change_exceeds(run: Run) -> None:
    """Two equal models may still be too large: that is said below the totals."""
    result = run("diff", "resnet18", "resnet18", "--fail-on", "params=5M")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1] == "no differences"
    assert "over the limit: parameters 11,689,512 → 11,689,512, allowed is at most 5M" in result.stdout
