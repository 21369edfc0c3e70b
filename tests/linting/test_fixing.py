"""Fixes: edits on their spans alone, the same network afterwards, and files that are replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli._group import group
from cnncalc.diagnostics import Span
from cnncalc.linting import atomic_write, fixing
from cnncalc.linting.discovery import Target
from cnncalc.linting.finding import Edit, Finding, Fix
from cnncalc.linting.fixing import Fixed, applied, fix, fix_file
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import REGISTRY, Rule
from cnncalc.linting.settings import Plan, Settings
from cnncalc.reading.limits import DEFAULT_LIMITS
from tests.together import for_each

Fixes = Callable[[str], list[tuple[Edit, ...]]]


@pytest.fixture
def plan_of() -> Iterator[Callable[[Fixes], Plan]]:
    """A plan with one rule, whose findings carry the fixes that a function makes of the text."""

    def make(fixes: Fixes) -> Plan:
        class Proposed(Rule):
            """Proposes what the test says."""

            code = "S999"
            name = "proposed"
            message = "this can be written better"

            def check(self, spec: LintedSpec) -> Iterator[Finding]:
                for edits in fixes(spec.source.text):
                    yield self.finding(Span(spec.source, edits[0].start, edits[0].end), fix=Fix("do it", edits))

        return Plan((Proposed(),), (), (), DEFAULT_LIMITS)

    yield make
    REGISTRY.pop("S999", None)


def replacing(old: str, new: str) -> Fixes:
    """A fix for every place where a text stands."""

    def fixes(text: str) -> list[tuple[Edit, ...]]:
        starts = [place for place in range(len(text)) if text.startswith(old, place)]
        return [(Edit(start, start + len(old), new),) for start in starts]

    return fixes


@for_each(
    ("fixes", "text", "count"),
    [
        ([], "abcdef", 0),
        ([(Edit(1, 3, "X"),)], "aXdef", 1),
        ([(Edit(4, 5, ""),), (Edit(1, 3, "X"),)], "aXdf", 2),
        ([(Edit(1, 3, "X"),), (Edit(2, 4, "Y"),)], "aXdef", 1),  # they overlap
        ([(Edit(1, 3, "X"),), (Edit(3, 4, "Y"),)], "aXdef", 1),  # they meet
        ([(Edit(2, 2, "X"),), (Edit(2, 2, "Y"),)], "abXcdef", 1),  # the same place
        ([(Edit(1, 3, "X"),), (Edit(1, 3, "X"),)], "aXdef", 2),  # the same fix of two findings
        ([(Edit(1, 2, "X"), Edit(4, 5, "Y")), (Edit(4, 5, "Z"), Edit(0, 0, "W"))], "aXcdYf", 1),  # all of it or nothing
        ([(Edit(0, 5, "X"),), (Edit(2, 3, "Y"),)], "Xf", 1),
        ([(Edit(6, 6, "X"),), (Edit(0, 0, "Y"),)], "YabcdefX", 2),
    ],
)
def test_fixes_that_touch_wait(fixes: list[tuple[Edit, ...]], text: str, count: int) -> None:
    assert applied("abcdef", fixes) == (text, count)


SPEC = """\
input: 12x12x3  # zwölf
layers:
  - max_pool:   {kernel: 2}   # why

  # alone
  - Convolution 4 3x3
"""


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_everything_else_stays(plan_of: Callable[[Fixes], Plan], line_end: str, mark: bytes) -> None:
    """Comments, blanks, order, line ends and the byte order mark."""
    before = mark + SPEC.replace("\n", line_end).encode()
    fixed = fix(Target("a.yaml", before), plan_of(replacing("Convolution", "conv")))
    assert fixed.after == before.replace(b"Convolution", b"conv")
    assert (fixed.resolved, fixed.problem) == (1, "")


def test_a_new_line_ends_as_the_others(plan_of: Callable[[Fixes], Plan]) -> None:
    before = b"input: 12x12x3\r\nlayers: [abs]\r\n"
    plan = plan_of(lambda text: [] if "#" in text else [(Edit(0, 0, "# first\n"),)])
    assert fix(Target("a.yaml", before), plan).after == b"# first\r\n" + before


def test_what_had_to_wait_is_fixed_in_the_end(plan_of: Callable[[Fixes], Plan]) -> None:
    """`xxxx` is four fixes, each of which meets the next: two passes."""
    plan = plan_of(replacing("x", "y"))
    fixed = fix(Target("a.yaml", b"# xxxx\ninput: 12\xc3\x9712\xc3\x973\nlayers: [abs]\n"), plan)
    assert fixed.after.startswith(b"# yyyy\n")
    assert fixed.resolved == 4


def test_fixes_without_an_end_come_to_one(plan_of: Callable[[Fixes], Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    """A fix that is always needed again is applied once a pass."""
    monkeypatch.setattr(fixing, "PASSES", 5)
    fixed = fix(Target("a.yaml", b"12x12x3 -> abs"), plan_of(lambda text: [(Edit(len(text), len(text), " "),)]))
    assert fixed.after == b"12x12x3 -> abs     "


ALIKE = "the fixes would change the network"
VARIANTS = """\
input: 12x12x3
variables: {k: 3}
layers:
  - conv 4 ${k}  # a
variants:
  small: {k: 3}
  large: {k: 5}
"""


@pytest.mark.parametrize(
    ("before", "old", "new", "problem"),
    [
        pytest.param("12x12x3 -> conv 4 3x3", "conv 4", "conv 5", ALIKE, id="a figure"),
        pytest.param("12x12x3 -> conv 4 3x3", "3x3", "3by3", ALIKE, id="cannot be read"),
        pytest.param("12x12x3 -> conv 4 3x3", "12x12x3 ->", "12x12x3 -> abs ->", ALIKE, id="one layer more"),
        pytest.param("12x12x3 -> relu", "relu", "tanh", ALIKE, id="another type"),
        pytest.param(
            "12x12x3 -> conv 4 3x3 p1 padding_mode=reflect", "=reflect", "=circular", ALIKE, id="shown by no figure"
        ),
        pytest.param("12x12x3 -> conv 4 3x3 relu", " relu", " tanh", ALIKE, id="another activation"),
        pytest.param("input: 5x7\nlayers: [bidirectional(lstm 3)]\n", "lstm 3", "gru 3", ALIKE, id="inside a wrapper"),
        pytest.param(VARIANTS, "k: 5", "k: 7", ALIKE, id="another variant"),
        pytest.param(
            "input: 12x12x3\nlayers: [abs]\nexpect: {output: 12x12x3}\n", "expect: {output: 12x12x3}", "", ALIKE,
            id="a claim",
        ),
        pytest.param("input: 12x12x3\nlayers: [absolut]\n", "12x12", "12×12", "the spec has errors", id="an error"),
        pytest.param(
            VARIANTS.replace("k: 5", "k: 50"), "12x12", "12×12", "the spec has errors", id="an error in a variant"
        ),
    ],
)  # fmt: skip
def test_what_would_be_another_network_stays(
    plan_of: Callable[[Fixes], Plan], tmp_path: Path, before: str, old: str, new: str, problem: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(before, encoding="utf-8")
    fixed = fix_file(str(path), plan_of(replacing(old, new)))
    assert (fixed.problem, fixed.resolved, fixed.failed) == (problem, 0, False)
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("before", "old", "new"),
    [
        ("12x12x3 -> Conv2D 4 3x3", "Conv2D", "conv"),
        ("12x12x3 -> conv 4 3x3 s1", " s1", ""),
        ("12x12x3 -> max_pool 2 s2", " s2", ""),  # the stride is the kernel's size unless it is said
        ("input: 5x7\nlayers: [bidirectional(LSTM 3)]\n", "LSTM", "lstm"),
        (VARIANTS, "small: {k: 3}", "small: {}"),
    ],
)
def test_what_is_the_same_network_is_fixed(
    plan_of: Callable[[Fixes], Plan], tmp_path: Path, before: str, old: str, new: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(before, encoding="utf-8")
    fixed = fix_file(str(path), plan_of(replacing(old, new)))
    assert (fixed.problem, fixed.resolved) == ("", 1)
    assert path.read_text(encoding="utf-8") == before.replace(old, new)


def test_what_holds_under_some_variants_is_fixed_where_the_others_allow(plan_of: Callable[[Fixes], Plan]) -> None:
    """To write 5 for `${k}` is right under `large` alone; to leave the comment out is so everywhere."""
    plan = plan_of(lambda text: [*replacing("${k}", "5")(text), *replacing("  # a", "")(text)])
    plan = plan._replace(rules=(_InVariant(plan.rules[0], "large"),))
    assert fix(Target("a.yaml", VARIANTS.encode()), plan).after.decode() == VARIANTS.replace("  # a", "")


class _InVariant(Rule):
    """Another rule, under one variant alone."""

    def __init__(self, rule: Rule, variant: str) -> None:
        super().__init__()
        self.code = rule.code  # type: ignore[misc]
        self._rule = rule
        self._variant = variant

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        if spec.variant == self._variant:
            yield from self._rule.check(spec)


# --- files -----------------------------------------------------------------------------------------------------------

UNUSED = "input: 12x12x3\nlayers:\n  - max_pool 2  # cnncalc: ignore[A101] gone\n"
CLEANED = "input: 12x12x3\nlayers:\n  - max_pool 2\n"


def fixed_file(path: Path) -> Fixed:
    return fix_file(str(path), Settings().plan_for(str(path)))


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A file in a folder of its own, with one suppression that suppresses nothing."""
    path = tmp_path / "specs" / "a.yaml"
    path.parent.mkdir()
    path.write_text(UNUSED, encoding="utf-8")
    return path


def test_permissions_stay(spec: Path) -> None:
    spec.chmod(0o640)
    assert fixed_file(spec).resolved == 1
    assert stat.S_IMODE(spec.stat().st_mode) == 0o640
    assert spec.read_text(encoding="utf-8") == CLEANED
    assert os.listdir(spec.parent) == ["a.yaml"]


def test_a_link_stays_one(spec: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(spec)
    assert fixed_file(link).resolved == 1
    assert link.is_symlink()
    assert spec.read_text(encoding="utf-8") == CLEANED
    assert sorted(os.listdir(tmp_path)) == ["link.yaml", "specs"]


def test_a_hard_link_stays_one(spec: Path, tmp_path: Path) -> None:
    """Both names have the new text; a new file in place of the old would leave the other name behind."""
    other = tmp_path / "other.yaml"
    other.hardlink_to(spec)
    assert fixed_file(spec).resolved == 1
    assert other.samefile(spec)
    assert other.read_text(encoding="utf-8") == CLEANED
    assert sorted(os.listdir(tmp_path)) == ["other.yaml", "specs"]


def test_a_hard_link_that_cannot_be_written_keeps_its_contents(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk shows when the text is in the file already: the old text is written again."""
    (tmp_path / "other.yaml").hardlink_to(spec)
    before, calls = spec.read_bytes(), []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:  # the first is of the copy beside the file
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        atomic_write.write(str(spec), b"name: other\n")
    assert spec.read_bytes() == before


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_what_cannot_be_written_stays_whole(spec: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """A disk that is full: the file is as it was, and nothing lies beside it."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_write.os, call, refuse)
    fixed = fixed_file(spec)
    assert (fixed.problem, fixed.failed, fixed.resolved) == ("No space left on device", True, 0)
    assert spec.read_text(encoding="utf-8") == UNUSED
    assert os.listdir(spec.parent) == ["a.yaml"]


def test_a_file_that_changes_meanwhile_is_left_alone(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit(_: int) -> None:
        spec.write_text("input: 5x5x3\nlayers: []\n", encoding="utf-8")

    monkeypatch.setattr(atomic_write.os, "fsync", edit)
    assert fixed_file(spec).problem == "it was changed meanwhile"
    assert spec.read_text(encoding="utf-8") == "input: 5x5x3\nlayers: []\n"
    assert os.listdir(spec.parent) == ["a.yaml"]


def test_a_file_that_may_not_be_written_is_left_alone(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_write.os, "access", lambda *_: False)  # chmod does not keep the superuser out
    assert fixed_file(spec).problem == "Permission denied"
    assert spec.read_text(encoding="utf-8") == UNUSED


def test_a_pipe_is_no_file_to_write(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        atomic_write.write(str(tmp_path / "pipe"), b"")


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(spec: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: `a.yaml` can be fixed, `b.yaml` has a finding that cannot."""
    monkeypatch.chdir(spec.parent)
    (spec.parent / "b.yaml").write_text("input: 11x11x3\nlayers: [max_pool 2]\n", encoding="utf-8")
    return spec.parent


def run(*arguments: str, input: bytes | None = None) -> Result:
    return CliRunner().invoke(group, ["lint", *arguments], input=input, catch_exceptions=False)


DIFF = """\
--- a.yaml
+++ a.yaml
@@ -1,3 +1,3 @@
 input: 12x12x3
 layers:
-  - max_pool 2  # cnncalc: ignore[A101] gone
+  - max_pool 2
"""


def test_what_remains_is_told_and_counts(folder: Path) -> None:
    done = run("--fix", "--format", "concise")
    assert (folder / "a.yaml").read_text(encoding="utf-8") == CLEANED
    assert done.exit_code == 1
    assert done.stdout.startswith("b.yaml:2:10: warning[A101] max_pool_1: ")
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == "fixed 1 finding in 1 file\n"


def test_nothing_remains(folder: Path) -> None:
    done = run("--fix", "a.yaml")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "fixed 1 finding in 1 file\n")
    again = run("--fix", "a.yaml")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "fixed nothing\n")


@pytest.mark.parametrize("arguments", [["--diff"], ["--diff", "--fix"]])
def test_a_diff_changes_nothing(folder: Path, arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (1, DIFF, "would fix 1 finding in 1 file\n")
    assert (folder / "a.yaml").read_text(encoding="utf-8") == UNUSED


def test_the_guide_shows_this_diff() -> None:
    guide = Path(fixing.__file__).parents[2] / "docs" / "lint.md"
    assert f"```diff\n{DIFF}```\n" in guide.read_text(encoding="utf-8")


def test_no_diff(folder: Path) -> None:
    """What cannot be fixed is not the diff's business; what cannot be read is."""
    assert (run("--diff", "b.yaml").exit_code, run("--diff", "b.yaml").stdout) == (0, "")
    done = run("--diff", "no_such.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert 'error: "no_such.yaml": no such file' in done.stderr


def test_a_diff_says_where_the_last_line_does_not_end(folder: Path) -> None:
    (folder / "a.yaml").write_text(UNUSED.removesuffix("\n"), encoding="utf-8")
    assert run("--diff").stdout.endswith(
        "-  - max_pool 2  # cnncalc: ignore[A101] gone\n\\ No newline at end of file\n"
        "+  - max_pool 2\n\\ No newline at end of file\n"
    )


@pytest.mark.parametrize("text", [UNUSED, UNUSED.replace("\n", "\r\n"), "\ufeff" + UNUSED, CLEANED, "", "\udcff{"])
def test_standard_input_goes_to_standard_output(folder: Path, text: str) -> None:
    """Fixed where it can be, and otherwise as it came; what remains is told beside it."""
    data = text.encode("utf-8", "surrogateescape")
    done = run("--fix", "-", input=data)
    assert done.stdout_bytes == data.replace(b"  # cnncalc: ignore[A101] gone", b"")
    assert ("E104" in done.stderr) == (text == "\udcff{")


def test_what_remains_of_standard_input_is_told_beside_it(folder: Path) -> None:
    text = UNUSED.replace("12x12", "11x11").replace("A101", "A102")
    done = run("--fix", "-", "--stdin-filename", "c.yaml", input=text.encode())
    assert done.exit_code == 1
    assert done.stdout == CLEANED.replace("12x12", "11x11")
    assert done.stderr.startswith("fixed 1 finding in 1 file\nc.yaml\n  3:5  warning  A101")


def test_texts_and_bundled_specs_are_not_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "12x12x3 -> max_pool 2  # cnncalc: ignore[A101] gone"
    done = run("--fix", text)
    assert done.exit_code == 1
    assert done.stderr == "<inline>: not fixed: it is an inline text\nfixed nothing\n"
    bundled = folder / "a.yaml"
    found = {"network": (str(bundled), None)}
    monkeypatch.setattr("cnncalc.reading.bundled.find_bundled", found.get)
    done = run("--fix", "network")
    assert done.stderr == "a.yaml: not fixed: it is a bundled spec, given by name\nfixed nothing\n"
    assert bundled.read_text(encoding="utf-8") == UNUSED


@pytest.mark.parametrize("arguments", [["--ignore", "S001"], ["--select", "A"]])
def test_what_is_not_selected_is_not_fixed(folder: Path, arguments: list[str]) -> None:
    assert run("--fix", "a.yaml", *arguments).stderr == "fixed nothing\n"
    assert (folder / "a.yaml").read_text(encoding="utf-8") == UNUSED


def test_what_is_suppressed_is_not_fixed(folder: Path) -> None:
    text = UNUSED.replace("[A101] gone", "[A101, S001] for later")
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    assert run("--fix", "a.yaml").stderr == "fixed nothing\n"
    assert (folder / "a.yaml").read_text(encoding="utf-8") == text


def test_a_failure_to_write_is_one_to_exit_with(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_write.os, "access", lambda *_: False)
    done = run("--fix", "a.yaml")
    assert done.exit_code == 2
    assert done.stderr == "a.yaml: not fixed: Permission denied\nfixed nothing\n"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("A102, A101", "A101"),
        ("A101, A102", "A101"),
        ("A101 A102", "A101"),
        ("A102,A101,A103", "A101"),
        ("A102, A103, A101", "A101"),
        ("A101, A102, A103", "A101"),
        ("unseen-border, A102", "unseen-border"),
        ("A101, E202", "A101, E202"),  # only its author can tell what it was for
    ],
)
def test_words_that_suppress_nothing_are_taken_out_of_a_comment(tmp_path: Path, words: str, left: str) -> None:
    """Those that do stay, and so does the reason."""
    path = tmp_path / "a.yaml"
    text = "input: 11x11x3\nlayers:\n  - max_pool 2  # cnncalc: ignore[{}] why\n"
    path.write_text(text.format(words), encoding="utf-8")
    CliRunner().invoke(group, ["lint", "--fix", str(path)])
    assert path.read_text(encoding="utf-8") == text.format(left)


def test_a_revision_is_told_of_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What git holds is not changed, and no baseline holds it; that is no failure."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("input: 12x12x3\nlayers: [relu]  # cnncalc: ignore[A101] gone\n", encoding="utf-8")
    for command in ("init -q .", "add .", "-c user.name=n -c user.email=e commit -q -m one"):
        subprocess.run(["git", *command.split()], check=True)
    done = CliRunner().invoke(group, ["lint", "--fix", "git:HEAD:a.yaml"])
    assert (done.exit_code, done.stderr) == (1, "git:HEAD:a.yaml: not fixed: it is a git revision\nfixed nothing\n")
    done = CliRunner().invoke(group, ["lint", "--write-baseline", "git:HEAD:a.yaml"])
    assert (done.exit_code, done.stderr) == (1, "cnncalc-baseline.json: 0 findings in 0 files\n")
