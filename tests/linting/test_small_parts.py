"""The small parts of linting one by one: words, records, patterns, letters, comments and fixes of source."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cnncalc.diagnostics import PartedSource, Source, Span
from cnncalc.linting.api import lint
from cnncalc.linting.finding import Edit, Finding, Fix
from cnncalc.linting.patterns import last_word, pattern
from cnncalc.linting.records import as_record, from_record
from cnncalc.linting.rule import Rule, all_rules, find_rule
from cnncalc.linting.rules.arithmetic._sliding import counted, listed, unit
from cnncalc.linting.rules.arithmetic.frameworks_differ import _difference
from cnncalc.linting.source_fixing import SourceFixes, _is_number, is_source, with_fixes
from cnncalc.linting.spec_text import letters
from cnncalc.reading.nodes import Scalar
from tests.together import for_each

FORM = "write `# cnncalc: ignore[A101] why`, or `# cnncalc: ignore-file[A101] why` before the first key"
UNSEEN = "the last row and column of the 31x31 input are never used: 31 − 8 = 23 is not divisible by stride 2"


@for_each(
    ("numbers", "words"),
    [
        ([1, 1], "row and column"), ([2, 0], "2 rows"), ([0, 1], "column"), ([2, 2], "2 rows and columns"),
        ([2, 1], "2 rows and 1 column"), ([3], "3 positions"), ([1], "position"), ([1, 1, 1], "slice, row and column"),
        ([0, 2, 2], "2 rows and columns"), ([3, 1, 2], "3 slices, 1 row and 2 columns"),
    ],
)  # fmt: skip
def test_positions_in_words(numbers: list[int], words: str) -> None:
    assert counted(numbers) == words


def test_units_and_lists() -> None:
    """Pixels are of images alone."""
    assert [unit(rank) for rank in (1, 2, 3)] == ["position", "pixel", "position"]
    assert [listed(words) for words in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]


@for_each(
    ("own", "other", "words"),
    [
        ((56, 57, 3), (57, 57, 3), "57x57x3 (1 more)"), ((5, 7, 3), (6, 5, 3), "6x5x3 (1 more and 2 less)"),
        ((5, 7, 3), (6, 8, 3), "6x8x3 (1 more)"), ((1, 1, 4), (4,), "4"),
    ],
)  # fmt: skip
def test_the_difference_of_shapes(own: tuple[int, ...], other: tuple[int, ...], words: str) -> None:
    assert _difference(own, other) == words


@for_each(
    ("spec", "code", "message", "hint"),
    [
        ("33x33x3 -> conv 8 3x3 same_lower s2", "S109",
         'conv_1: PyTorch cannot express it: PyTorch\'s padding "same" exists only for stride 1, got stride 2',
         'write the padding as numbers ("half" pads by F//2)'),
        ("33x33x3 -> conv_transpose 8 3x3 s2 same", "S109",
         'conv_transpose_1: PyTorch cannot express it: PyTorch\'s transposed convolution has no padding "same"',
         "write the padding as numbers"),
        # Caffe rounds up: ⌈(112 + 2 − 3)/2⌉ + 1 = 57; (113 + 2 − 3)/2 + 1 = 57
        ("112x113x3 -> max_pool 3 s2 p1", "A106", "max_pool_1: 56x57x3 here, but 57x57x3 (1 more) in Caffe",
         "state what differs: the stride, the rounding, a flatten"),
        ("8x8x4 -> dense 10", "A106", "dense_1: 10 here, but 8x8x10 in Keras, TensorFlow, PyTorch",
         "state what differs: the stride, the rounding, a flatten"),
        ("9x9x4 -> global_avg_pool", "A106", "global_avg_pool_1: 1x1x4 here, but 4 in Keras, TensorFlow",
         "state what differs: the stride, the rounding, a flatten"),
    ],
)  # fmt: skip
def test_what_frameworks_make_of_a_layer(spec: str, code: str, message: str, hint: str) -> None:
    (found,) = lint(spec, select=[code])
    assert (found.code, found.message, found.hint) == (code, message, hint)


@for_each(
    ("comment", "column", "problem", "hint"),
    [
        ("# cnncalc: ignore", 9, "the comment cannot be parsed", FORM),
        ("# cnncalc: ignore[]", 9, "the comment names no rules", FORM),
        ("# cnncalc: ignore[ , ]", 9, "the comment names no rules", FORM),
        ("# cnncalc: ignore-file[A101]", 9, "`ignore-file` must come before the first key", FORM),
        ("# cnncalc: ignore[A999]", 27, 'unknown rule "A999"', "`cnncalc rule` lists them"),
        ("# cnncalc: ignore[A102,A999] why", 32, 'unknown rule "A999"', "`cnncalc rule` lists them"),
        ("# cnncalc: ignore[E301]", 27, "E301 cannot be suppressed",
         "fix the error: the rest of the spec cannot be checked before"),
    ],
)  # fmt: skip
def test_comments_that_suppress_nothing(comment: str, column: int, problem: str, hint: str) -> None:
    (found,) = lint(f"input: 31x31x3\nlayers:\n - relu {comment}\n", select=["S002"])
    assert (found.line, found.column, found.message, found.hint) == (3, column, problem, hint)


@for_each(
    ("before", "after"),
    [
        (" - conv 20 8x8 s2  # cnncalc: ignore[A101, A102] x\n", " - conv 20 8x8 s2  # cnncalc: ignore[A101] x\n"),
        (" - conv 20 8x8 s2  # cnncalc: ignore[A102, A101]\n", " - conv 20 8x8 s2  # cnncalc: ignore[A101]\n"),
        (" - conv 20 8x8 s2  # cnncalc: ignore[A102 ,\tA101]\n", " - conv 20 8x8 s2  # cnncalc: ignore[A101]\n"),
        (" - relu  # cnncalc: ignore[A101, A102]\n", " - relu\n"),
        (" - relu # cnncalc: ignore[A102] x\n - tanh\n", " - relu\n - tanh\n"),
        (" # cnncalc: ignore[A102] x\n - relu\n", " - relu\n"),
        (" # cnncalc: ignore[A102] x\r\n - relu\n", " - relu\n"),
        (" # cnncalc: ignore[A102] x\n\n\n - relu\n", "\n - relu\n"),
    ],
)  # fmt: skip
def test_unused_words_are_removed(before: str, after: str) -> None:
    """The word with its separator, the comment with the blanks before it, or its whole line."""
    start = "input: 31x31x3\nlayers:\n"
    found = [one for one in lint(start + before, select=["S001", "A101", "A102"]) if one.code == "S001"]
    assert found[0].fix is not None
    (edit,) = found[0].fix.edits
    text = start + before
    assert text[: edit.start] + edit.text + text[edit.end :] == start + after


@for_each(
    ("text", "is_suppressed"),
    [
        ("# cnncalc: ignore-file[A101] why\ninput: 31x31x3\nlayers: [conv 20 8x8 s2]\n", True),
        ("# cnncalc: ignore-file[A102] why\ninput: 31x31x3\nlayers: [conv 20 8x8 s2]\n", False),
        ("input: 31x31x3\nlayers: [{conv: 20 8x8 s2, lint: {ignore: A101}}]\n", True),
        ("input: 31x31x3\nlint: {ignore: [A101], reason: x}\nlayers: [conv 20 8x8 s2]\n", True),
        ("input: 31x31x3\nlint: {ignore: [A103]}\nlayers: [conv 20 8x8 s2]\n", False),
    ],
)  # fmt: skip
def test_suppression_in_text_and_keys(text: str, is_suppressed: bool) -> None:
    found = [one.message.partition(": ")[2] for one in lint(text, select=["A101"])]
    assert found == ([] if is_suppressed else [UNSEEN])


@for_each(
    ("source", "start", "end", "text", "expected"),
    [
        ("a: xy", 3, 5, "xy", (3, 5)), ("a: 'xy'", 3, 7, "xy", (4, 6)), ('a: "xy"', 3, 7, "xy", (4, 6)),
        ("a: *q", 3, 5, "xy", None),
        ('a: "x\\ty"', 3, 9, "x\ty", None), ("a: ''", 3, 5, "", (4, 4)),
    ],
)  # fmt: skip
def test_the_letters_of_a_scalar(
    source: str, start: int, end: int, text: str, expected: tuple[int, int] | None
) -> None:
    """Inside its quotes; none where the source has other characters."""
    assert letters(Scalar(Source("t", source), start, end, text)) == expected


@for_each(
    ("words", "path", "is_folder", "matches"),
    [
        (["*.yaml"], "/a/b.yaml", False, True), (["*.yaml"], "/a/c/b.yaml", False, True),
        (["*.yaml"], "/b/c.yaml", False, False),
        (["*"], "/a", True, False), (["*"], "/", True, False), (["x/"], "/a/x", False, False),
        (["x/"], "/a/x", True, True),
        (["/x"], "/a/c/x", False, False), (["*.yaml", "!keep.yaml"], "/a/keep.yaml", False, False),
        (["!keep.yaml", "*.yaml"], "/a/keep.yaml", False, True), (["!x"], "/a/x", False, False),
        (["*"], "/ab/x", False, False),
    ],
)  # fmt: skip
def test_patterns_of_a_folder(words: list[str], path: str, is_folder: bool, matches: bool) -> None:
    """They match below their folder alone; the last one that matches decides."""
    assert last_word([pattern(word, "/a") for word in words], path, is_folder=is_folder) is matches


def test_a_pattern_covers_what_is_below_a_folder() -> None:
    assert [pattern("x/", "/a").covers(path) for path in ("/a/x/f.yaml", "/a/y/f.yaml", "/a/x")] == [True, False, False]


SOURCE = Source("net.py", "Dense(3*4, 5)")
FINDING = Finding("E308", "sizes_differ", "error", "in_features is 12", "write 5", Span(SOURCE, 6, 9), "fc", None)


def test_a_finding_survives_as_a_record() -> None:
    """With its fix, whose edits may be empty at the very end."""
    for fix in (None, Fix("write it", (Edit(0, 0, "("), Edit(6, 9, "5"), Edit(13, 13, ")")))):
        finding = FINDING._replace(fix=fix, others=("a",), variants=("b",))
        record = json.loads(json.dumps(as_record(finding)))
        back = from_record(record, SOURCE)
        assert back._replace(span=finding.span) == finding
        assert (back.span.start, back.span.end) == (6, 9)


@for_each(
    ("key", "value"),
    [
        ("span", [-1, 3]), ("span", [5, 4]), ("span", [0, 14]), ("severity", "fatal"), ("others", [1]),
        ("variants", [None]), ("code", 5),
        ("fix", ["a"]), ("fix", ["a", [[-1, 3, "x"]]]), ("fix", ["a", [[3, 2, "x"]]]),
        ("fix", ["a", [[3, 14, "x"]]]), ("more", 1),
    ],
)  # fmt: skip
def test_records_that_are_invalid(key: str, value: object) -> None:
    with pytest.raises(ValueError, match="not the record"):
        from_record({**json.loads(json.dumps(as_record(FINDING))), key: value}, SOURCE)


def test_rules_are_found_by_code_and_name() -> None:
    found = [find_rule(word) for word in ("A101", " a101 ", "unseen-border", "unseen_border")]
    assert len(set(found)) == 1
    assert found[0] is not None
    assert found[0].title().endswith("so the last rows and columns of the input are never used.")
    assert found[0].explanation().startswith("The windows of a convolution or pool take (W − F′ + P₀ + P₁)/S steps,")
    assert find_rule("no such rule") is None


@for_each(
    ("text", "is_number"),
    [
        ("3*4", True), ("[1, 2]", True), ("[1, 1.5]", False), ("(1, 2)", True), ("16 * 5 // 2", True), ("1.5", False),
        ("x", False), ("f(1)", False),
        ("(", False), ("1" * 100, True), ("1" * 101, False), ("'5'", False),
    ],
)  # fmt: skip
def test_numbers_in_source(text: str, is_number: bool) -> None:
    assert _is_number(text) is is_number


@for_each(
    ("change", "fix"),
    [
        ({}, Fix("Write 5 instead of 3*4", (Edit(6, 9, "5"),))), ({"code": "E301"}, None), ({"hint": "write x"}, None),
        ({"hint": "write [5, 7]"}, Fix("Write [5, 7] instead of 3*4", (Edit(6, 9, "[5, 7]"),))),
        ({"span": Span(SOURCE, 0, 5)}, None),
    ],
)  # fmt: skip
def test_fixes_of_declared_sizes(change: dict[str, object], fix: Fix | None) -> None:
    """A number in the text, and a number in the hint."""
    assert [found.fix for found in with_fixes([FINDING._replace(**change)], "net.py")] == [fix]
    assert [found.fix for found in with_fixes([FINDING], "other.py")] == [None]


def test_a_fix_is_kept_if_it_resolves_a_mistake() -> None:
    """Fewer errors, and no new one; each fix is tried once."""
    (finding,) = with_fixes([FINDING], "net.py")
    other = finding._replace(code="E301")
    fixes = SourceFixes(SOURCE.text, [finding, other._replace(fix=None)])
    assert (fixes.next(), fixes.next()) == ("Dense(5, 5)", None)
    fixes.judge("worse", [finding, other])
    fixes.judge("another", [finding._replace(code="E302")])
    assert (fixes.text, fixes.resolved) == (SOURCE.text, 0)
    fixes.judge("better", [other])
    assert (fixes.text, fixes.resolved, fixes.findings) == ("better", 1, [other])


def test_python_by_its_ending() -> None:
    assert [is_source(name) for name in ("a.py", "a.pyw", "a.pyx", "py", "a.yaml")] == [True, True, False, False, False]


def test_paths_of_a_run(tmp_path: Path) -> None:
    """One path or several, as texts or as paths."""
    path = tmp_path / "net.yaml"
    path.write_text("input: 31x31x3\nlayers: [conv 20 8x8 s2]\n")
    for paths in (path, str(path), [path], [str(path)]):
        assert [found.code for found in lint(paths, select="A101")] == ["A101"]


@for_each(
    ("which", "codes"),
    [
        (lambda rule: not rule.default, "A106 N115 S102 S103 S104 S105 S106 S107 S108 S109"),
        (lambda rule: rule.needs_whole_model,
         "E401 E402 A102 N101 N102 N103 N104 N105 N108 N109 N110 N111 N112 N113 N115"),
        (lambda rule: rule.only_for_specs and rule.code[0] != "S", "N106 N116"),
        (lambda rule: rule.fixable, "S001 S103 S104"),
        (lambda rule: rule.code[0] == "E" and not rule.always, "E112 E401 E402"),
        (lambda rule: rule.always and rule.code[0] != "E", ""),
        (lambda rule: rule.severity == "info", "N115 N116 S102 S103 S104 S105 S106 S107 S108 S109"),
    ],
)  # fmt: skip
def test_rules_of_a_kind(which: Callable[[type[Rule]], bool], codes: str) -> None:
    """Off by default; misled by a part of a model; about the notation; with fixes; suppressible; of little weight."""
    assert " ".join(rule.code for rule in all_rules() if which(rule)) == codes


def test_the_defaults_of_options() -> None:
    """As `docs/rules.md` documents them, each with its minimum where that is not 0."""
    found = {f"{rule.code} {each.name}": (each.default, each.least) for rule in all_rules() for each in rule.options}
    assert found == {
        "A101 most": (0, 0), "A105 most": (8, 0), "A108 steps": (1, 0), "N109 share": (0.5, 0),
        "N109 params": (5_000_000, 0),
        "N110 share": (0.9, 0), "N110 params": (5_000_000, 0), "N111 ratio": (4, 1), "N112 least": (0.4, 0),
        "N113 most": (20, 0),
        "N114 least": (8, 0), "N115 multiple": (8, 1), "N116 saved": (4, 1),
    }  # fmt: skip


def test_the_place_of_a_finding_in_a_file_without_lines() -> None:
    """The path of the part stands in for line and column; it is not repeated where the message has the name."""
    source = PartedSource("net.onnx", ("/conv1/Conv",))
    parted = FINDING._replace(span=Span(source, 0, 0))
    assert (parted.path, parted.place, FINDING.path, FINDING.place) == ("/conv1/Conv", "/conv1/Conv", "", "1:7")
    assert parted.file_sentence == "/conv1/Conv: in_features is 12"
    assert parted._replace(message="Conv: is odd").file_sentence == "Conv: is odd"
    assert FINDING.file_sentence == "in_features is 12"
    assert (parted.to_dict()["path"], "path" in FINDING.to_dict()) == ("/conv1/Conv", False)
    several = FINDING._replace(others=("a", "b"), variants=("c", "d"))
    assert several.sentence == "in_features is 12 (and 2 more layers like it; in c, d)"
