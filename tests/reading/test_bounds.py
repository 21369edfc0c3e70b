"""No short text costs more than its limits allow: what is too much is refused before it is expanded."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cnncalc import Limits, SpecError, analyze, check, compare, explain, lint, verify
from cnncalc.cli._group import group
from cnncalc.diagnostics import Source
from cnncalc.forward.apply import apply
from cnncalc.forward.literal import ArrayError, read_arrays
from cnncalc.homework import models, rework
from cnncalc.homework.marking import Marker
from cnncalc.homework.sheet import QuestionSheet, read_sheet
from cnncalc.linting.globbing import matches, parts_of
from tests.together import for_each

H = "input: 8x8x4\n"
DOUBLED_BLOCKS = "blocks:\n  b0: []\n" + "".join(f"  b{i}: [b{i - 1}, b{i - 1}]\n" for i in range(1, 21))
DOUBLED = "".join(f'  v{i}: "${{v{i - 1}}}${{v{i - 1}}}"\n' for i in range(1, 60))
DOUBLED_LISTS = "".join(f'  v{i}: ["${{v{i - 1}}}", "${{v{i - 1}}}"]\n' for i in range(1, 60))
NINES = "9" * 5000


@pytest.fixture(autouse=True)
def _guard() -> Iterator[None]:
    """A test that hangs fails after 20 s of CPU time instead."""

    def stop(number: int, frame: object) -> None:
        raise AssertionError("this text keeps the tool busy")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 20)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(group, arguments, input=text)


@for_each(
    ("text", "word"),
    [
        (H + "layers:\n  - {layers: [], repeat: 1000000000000000000}\n", "too many items"),
        (H + "layers:\n  - {relu: {}, repeat: 1000000000}\n", "too many layers after expansion: 1,000,000,000"),
        (H + "layers: [{relu: {}, repeat: 990000}]\n", "the limit is 10,000"),
        (H + DOUBLED_BLOCKS + "layers: [b20]\n", "too long in total"),
        (H + "variables:\n  v0: abcdefghij\n" + DOUBLED + "layers: [relu]\n", "after its expressions are evaluated"),
        (H + "variables:\n  v0: [1, 2]\n" + DOUBLED_LISTS + "layers: [relu]\n", "too many values"),
        ("input: 8x4\nlayers: [lstm 1 layers=1000000000]\n", "too many layers"),
        ("input: 8x4\nlayers: [transformer_encoder 1000000000 heads=2]\n", ""),
        (H + f"layers: [{{relu: {{}}, repeat: 10000, name: {'n' * 6000}}}]\n", "6,002 characters"),
        (H + f"layers:\n  - relu name=a\n  - {{layers: ['add from=[{'a,' * 3000}a]'], repeat: 9000}}\n", "inputs"),
        ("input: " + "x".join("1" * 4000) + "\nlayers: [relu]\n", "4,000 axes"),
    ],
    ids=lambda value: repr(value[:60]),
)  # fmt: skip
def test_too_much_is_refused_at_once(text: str, word: str) -> None:
    """The limit that is met is E103, or the field's own refusal."""
    with pytest.raises(SpecError) as caught:
        analyze(text)
    told = caught.value.diagnostics
    assert any(each.code in ("E103", "E107", "E202", "E203", "E204", "E301") for each in told)
    assert word in str(caught.value)


def test_refusing_divisors_does_not_try_them_all() -> None:
    """10^9 channels into 32 groups: told without a search."""
    with pytest.raises(SpecError, match="cannot be divided into 32 groups"):
        analyze("1x1x1000000008 -> group_norm")


def test_a_text_may_have_as_many_layers_as_it_writes_out() -> None:
    """Commands that take a share of the layers count repeats, not what is written."""
    written = "8x8x4" + " -> relu" * 1_200
    small = Limits(layers=10_000, share=10)
    assert len(analyze(written, limits=small).layers) == 1_200
    with pytest.raises(SpecError, match="too many layers"):
        analyze("8x8x4 -> (relu)*1200", limits=small)


def test_all_variants_together_are_limited() -> None:
    """30 variants of 100 layers are 3,000 layers to check, and each variant counts as ten more."""
    variants = "".join(f"  v{i}: {{w: {i + 1}}}\n" for i in range(30))
    text = f"{H}variables: {{w: 1}}\nvariants:\n{variants}layers: [{{conv: '${{w}} 3x3 same', repeat: 100}}]\n"
    found = [lint(text, select=["E1"], limits=Limits(layers=most)) for most in (3_000, 3_500)]
    assert ["E103" in {finding.code for finding in each} for each in found] == [True, False]


def test_the_search_for_mistakes_has_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """60 convolutions of different widths are not worked out for every pair of mistakes."""
    monkeypatch.setattr(rework.Workings, "_COMPUTING", 400)
    counted = []
    real = rework._figures
    monkeypatch.setattr(rework, "_figures", lambda *given, **named: counted.append(1) or real(*given, **named))
    (found,) = check(f"{H}layers: [{{conv: '${{4 + i}} 3x3 same', repeat: 60}}]\n", {"total.params": "7"})
    assert found.status == "wrong"
    assert "too large" in found.note
    assert len(counted) <= rework.Workings.MOST // 400


@pytest.mark.parametrize("command", ["explain", "compare"])
def test_what_shows_each_layer_shows_so_many_at_once(command: str) -> None:
    """A layer's name is the way out."""
    done = run(command, "8x8x4 -> (relu)*2500")
    assert done.exit_code == 2
    assert f"2,500 layers are too many to {command} at once" in done.stderr
    assert run(command, "8x8x4 -> (relu)*2500", "relu_7").exit_code == 0


@for_each(
    "arguments",
    [
        ("summary", f"8x8x4 -> conv {NINES} 3x3"),
        ("summary", f"8x8x{NINES} -> relu"),
        ("summary", f"8x8x4 -> conv 3 3 s{NINES} p{NINES}"),
        ("explain", f"8x8x4 -> conv 3 {NINES}x{NINES} groups={NINES}"),
        ("summary", "8x8x4 -> relu", "--batch", NINES),
        ("summary", "8x8x4 -> relu", "--batch", "9" * 4000),
        ("summary", "8x8x4 -> relu", "--input", NINES),
        ("summary", "8x8x4 -> relu", "--max-layers", NINES),
        ("solve", "conv", "--input", "32x32x3", "--output", NINES),
        ("solve", "quiz", "--vary", "input=30..33", "--want", f"params<={NINES}"),
        ("solve", "quiz", "--vary", f"input=1..{NINES}"),
        ("solve", "quiz", "--vary", "input=1..1000000000000"),
        ("diff", "quiz", "quiz", "--fail-on", f"params={NINES}"),
        ("quiz", "--count", "1000000000"),
        ("verify", "8x8x3 -> conv 1 3x3 d1000000000 p1000000000"),
        ("verify", "1000000x1 -> lstm 1"),
        ("apply", "relu", "--data", f"[{NINES}]"),
        ("apply", "relu", "--data", f"[{'9' * 4000}]"),
        ("apply", "upsample 100000", "--data", "[[1, 2], [3, 4]]"),
        ("apply", "zero_pad 1000000000", "--data", "[[1, 2], [3, 4]]"),
        ("apply", "one_hot 1000000000000", "--data", "[1, 2]"),
        ("apply", "relu", "--data", "[" * 5000),
        ("apply", "conv 1 1", "--data", "[1]", "--weights", '{"a":' * 5000),
        ("summary", "/dev/zero"),
    ],
    ids=lambda value: " ".join(value)[:60],
)
def test_numbers_of_any_length_are_answered(arguments: tuple[str, ...]) -> None:
    """A message and exit code 2, never a traceback."""
    done = run(*arguments)
    assert (done.exit_code, "Traceback" in done.output) == (2, False), done.exception


@pytest.mark.parametrize("line", [f"budget: {{params: {'9' * 4400}}}", f"expect: {{output: 8x8x{NINES}}}"])
def test_figures_of_any_length_are_answered(line: str) -> None:
    with pytest.raises(SpecError):
        analyze(f"{H}layers: [relu]\n{line}\n")


@pytest.mark.parametrize(
    "command", [analyze, explain, compare, verify, lambda text: check(text, {"total.params": "7"})]
)
def test_the_functions_have_the_limits_of_the_commands(command: Callable[[str], object]) -> None:
    """12,000 layers of a repeat are too many unless the caller says more; written out they are not repeats."""
    with pytest.raises(SpecError, match="too many layers"):
        command(H + "layers: [{relu: {}, repeat: 12000}]\n")


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (explain, "8x8x4 -> (relu)*501"), (compare, "8x8x4 -> (relu)*1001"),
        (explain, "16x8 -> lstm 4 layers=501"),
    ],
)  # fmt: skip
def test_the_functions_show_so_many_layers_at_once(command: Callable[[str], object], text: str) -> None:
    with pytest.raises(SpecError, match="at once"):
        command(text)


@pytest.mark.parametrize(
    "text",
    [
        "4096x64 -> multi_head_attention 8",  # 8·4096·4096 scores are 512 MiB
        "1000x1000x30 -> (softmax -> gelu)*4",  # 114 MiB each, and twice that beside them
        "1000x1000x10 -> max_pool 31 s1 p15",  # 961 comparisons for each of 10^7 numbers
        "8000 -> dense 8000",
    ],
)  # fmt: skip
def test_forward_passes_of_a_text_are_small(text: str) -> None:
    """What takes more than 400 MiB, or some seconds, needs the user's word; the bundled VGG-16 does not."""
    done = run("verify", text)
    assert (done.exit_code, "the forward pass" in done.stderr) == (2, True)


# --- sheets of questions -------------------------------------------------------------------------------------------


def sheet(*questions: str, limits: Limits | None = None) -> QuestionSheet:
    return read_sheet(Source("<sheet>", "questions:\n" + "".join(f"  - {{{each}}}\n" for each in questions)), limits)


def test_equal_models_of_a_sheet_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """40 questions about ResNet-152 are one model, and one search for mistakes."""
    built = []
    real = models.load
    monkeypatch.setattr(models, "load", lambda *given, **named: built.append(given) or real(*given, **named))
    found = sheet(*(f"spec: resnet152, ask: total.params, name: p{place}" for place in range(40)))
    assert len(built) == 1
    assert len({id(part.question) for part in found.parts}) == 1


@pytest.mark.parametrize(
    "question",
    [
        "spec: '8x8x4 -> (relu)*600', batch: {}, ask: total.macs",
        "spec: '8x8x4 -> (relu)*600 -> conv {} 3x3 s2 rounding=exact', right: does not fit, ask: output",
    ],
)
def test_all_models_of_a_sheet_are_limited_together(question: str) -> None:
    """Three models of 600 layers are more than 1,000, whether they fit or not; the caller may allow more."""
    three = [question.format(number) for number in (1, 2, 3)]
    assert len(sheet(*three, limits=Limits(layers=2_000)).parts) == 3
    with pytest.raises(SpecError, match="layers in total; the limit is 1,000"):
        sheet(*three, limits=Limits(layers=1_000))


def test_answers_that_are_put_into_a_spec_count_too() -> None:
    """A value that is answered again is not built again; what is too much is no wrong answer, but an error."""
    found = sheet(
        "spec: '8x8x4 -> (relu)*600 -> conv ${p} 3x3', find: p, such_that: {output: 6x6x5}",
        limits=Limits(layers=1_000),
    )
    marker = Marker(found)
    assert [str(marker.mark("", {"q1": text}).marks[0].status) for text in ("5", "5", "5 ", "4")] == [
        "right", "right", "right", "wrong",
    ]  # fmt: skip
    with pytest.raises(SpecError, match="layers in total"):
        marker.mark("", {"q1": "3"})


def test_what_follows_from_wrong_answers_has_a_budget() -> None:
    """In a deep model few wrong answers are combined; a class that would take too long is an error, not a guess."""
    parts = ", ".join(f"{{name: p{place}, ask: relu_{place}.output}}" for place in range(900, 990))
    found = sheet(f"spec: '8x8x4 -> (relu)*990', parts: [{parts}]", limits=Limits(layers=1_000))
    with pytest.raises(SpecError, match="follow-through of the wrong answers"):
        Marker(found, 1, Limits(layers=1_000)).mark("", {part.name: "1x2x3" for part in found.parts})


def test_results_of_a_sheet_are_limited_together() -> None:
    """Two results of 640,000 numbers are more than a million."""
    with pytest.raises(SpecError, match="the output would have"):
        sheet(*(f"name: {name}, apply: upsample 400, data: [[1, 2], [3, 4]]" for name in "ab"))


# --- files and patterns --------------------------------------------------------------------------------------------


@for_each(
    ("pattern", "path", "fits"),
    [
        ("*a" * 30 + "b", "a" * 60 + "c", False), ("*a" * 30 + "b", "a" * 60 + "b", True),
        ("**/" * 40 + "b", "/".join("a" * 40), False), ("**/" * 40 + "b", "/".join("a" * 40) + "/b", True),
        ("a/**/b", "a/b", True), ("a/**", "a", False), ("a/**", "a/b/c", True), ("[!a-c]x", "dx", True),
        ("[!a-c]x", "bx", False), ("[z-a]", "m", False), ("a\\*", "a*", True), ("a?", "a/", False),
    ],
)  # fmt: skip
def test_patterns_are_matched_without_trying_every_way(pattern: str, path: str, fits: bool) -> None:
    """As gitignore(5) says."""
    assert matches(parts_of(pattern), path) is fits


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and devices")
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_files_that_never_end_are_refused(kind: str, tmp_path: Path) -> None:
    """Baselines, configurations, arrays and .gitignore files are read only if they are files."""

    def made(name: str) -> str:
        path = tmp_path / name
        os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
        return str(path)

    assert "not a file" in run("lint", "quiz", "--baseline", made("b.json")).stderr
    assert "not a file" in run("lint", "quiz", "--config", made("c.toml")).stderr
    for name in ("a.npy", "a.csv"):
        done = run("apply", "relu", "--data", made(name))
        assert (done.exit_code, "not a file" in done.stderr) == (2, True)
    made(".gitignore")
    tmp_path.joinpath("n.yaml").write_text("input: 8x8x1\nlayers: [relu]\n", encoding="utf-8")
    done = run("lint", "--no-cache", str(tmp_path))
    assert (done.exit_code, "not a file" in done.stderr) == (2, True)


def header(shape: str) -> bytes:
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(64)


@pytest.mark.parametrize(
    "data",
    [header("(1000000000000,)"), header("(-8,)"), header("(3, 4"), header("(" * 3000), b"PK\x03\x04", b""],
    ids=["too large", "negative", "unclosed", "nested", "npz", "empty"],
)
def test_npy_files_that_lie_are_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(data)
    with pytest.raises(ArrayError):
        read_arrays(str(path))


def test_npy_files_are_read_in_their_own_order(tmp_path: Path) -> None:
    """Row by row or column by column, 12 numbers."""
    wanted = np.arange(12.0).reshape(3, 4)
    for place, array in enumerate((wanted, np.asfortranarray(wanted), wanted.astype(">i4"))):
        np.save(tmp_path / f"{place}.npy", array)
        assert np.array_equal(read_arrays(str(tmp_path / f"{place}.npy")), wanted)


def test_a_trace_is_of_a_result_that_somebody_reads() -> None:
    with pytest.raises(ArrayError, match="the limit with a trace"):
        apply("max_pool 2 s1", [np.ones((200, 200))], traced=True)
