"""Comments that suppress findings: where they hold, what they name, and what is said about those that do nothing."""

from __future__ import annotations

import pytest

from cnncalc.linting.api import lint
from tests.together import for_each

POOL = "max_pool 2"  # of 11x11: A101


def codes(text: str) -> list[str]:
    return [f"{finding.line}:{finding.code}" for finding in lint(text)]


@for_each(
    ("comment", "left"),
    [
        ("# cnncalc: ignore[A101] why", []),
        ("#cnncalc:ignore[A101]", []),
        ("# cnncalc: ignore[a101] why", []),
        ("# cnncalc: ignore[A] why", []),
        ("# cnncalc: ignore[unseen_border] why", []),
        ("# cnncalc: ignore[unseen-border]", []),
        ("# cnncalc: ignore[A102, A101] why", ["3:S001"]),
        ("# cnncalc: ignore [A101] why", []),
        ("# cnncalc: Ignore[A101] why", []),
        ("# cnncalc: ignore-line[A101] why", ["3:A101", "3:S002"]),
        ("# cnncalc: ignore[A101, E202] why", ["3:S002"]),  # which cannot be suppressed
        ("# cnncalc: ignore[A101, E3] why", ["3:S002"]),
        ("# cnncalc: ignore[A101, E401] why", ["3:S001"]),
        ("# cnncalc: ignore[ALL] why", []),
        ("# cnncalc: ignore[N101] why", ["3:A101", "3:S001"]),
        ("# cnncalc: ignore why", ["3:A101", "3:S002"]),
        ("# cnncalc: ignore[] why", ["3:A101", "3:S002"]),
        ("# cnncalc: ignroe[A101] why", ["3:A101", "3:S002"]),
        ("# cnncalc: ignore[A999] why", ["3:A101", "3:S002"]),
        ("# cnncalc: ignore-file[A101] why", ["3:A101", "3:S002"]),
        ("# a comment about cnncalc", ["3:A101"]),
    ],
)
def test_behind_an_item(comment: str, left: list[str]) -> None:
    """Codes, beginnings of codes and names count, in either case; what names nothing does nothing and is told."""
    assert codes(f"input: 11x11x3\nlayers:\n  - {POOL}  {comment}\n") == left


@for_each(
    "text",
    [
        "# cnncalc: ignore-file[A101] why\ninput: 11x11x3\nlayers:\n  - max_pool 2\n",
        "# first\n\n# cnncalc: ignore-file[A101] why\ninput: 11x11x3\nlayers:\n  - max_pool 2\n",
        "input: 11x11x3\nlayers:\n  # cnncalc: ignore[A101] why\n  - max_pool 2\n",
        "input: 11x11x3\nlayers:\n  # cnncalc: ignore[A101] why\n\n  # and more\n  - max_pool 2\n",
        "input: 11x11x3\nlayers:\n  - name: pool  # cnncalc: ignore[A101] the item's first line\n    max_pool: 2\n",
        "input: 11x11x3\n# cnncalc: ignore[A101] all of them\nlayers:\n  - relu\n  - max_pool 2\n",
        "input: 11x11x3\nlayers:  # cnncalc: ignore[A101] all of them\n  - relu\n  - max_pool 2\n",
        "input: 11x11x3\nlayers:\n  - layers: [abs, max_pool 2]  # cnncalc: ignore[A101] inside the group\n",
        "input: 11x11x3\r\nlayers:\r\n  - max_pool 2  # cnncalc: ignore[A101] why\r\n",
        "11x11x3 -> max_pool 2  # cnncalc: ignore[A101] why",
        "input: 11x11x3\nlayers: [max_pool 2, dense 5]  # cnncalc: ignore[A101, N106] both on the line\n",
    ],
)
def test_where_a_comment_holds(text: str) -> None:
    """On the line, the line below, the item or value that begins there, the file."""
    assert codes(text) == []


def test_a_comment_holds_no_further() -> None:
    """Of two items alike, the one without the comment is told, and so is one before the comment."""
    text = "input: 23x23x3\nlayers:\n  - max_pool 2  # cnncalc: ignore[A101] why\n  - max_pool 2\n"
    assert codes(text) == ["4:A101"]
    above = "input: 23x23x3\nlayers:\n  - max_pool 2\n  # cnncalc: ignore[A101] why\n  - max_pool 2\n"
    assert codes(above) == ["3:A101"]


def test_what_looks_like_a_comment_in_a_text_is_none() -> None:
    """In quotes and in a folded text it is part of the text."""
    quoted = 'name: "x # cnncalc: ignore[A101]"\ninput: 11x11x3\nlayers: [max_pool 2]\n'
    folded = "description: >\n  x\n  # cnncalc: ignore[A101]\ninput: 11x11x3\nlayers: [max_pool 2]\n"
    assert codes(quoted) == ["3:A101"]
    assert codes(folded) == ["5:A101"]


def test_a_mistake_cannot_be_suppressed() -> None:
    """A spec that cannot be built says why, whatever a comment asks; and the comment is told of."""
    assert codes("# cnncalc: ignore-file[E202, A101] why\ninput: 8x8x3\nlayers: [cnov 3]\n") == ["1:S002", "3:E202"]


def test_broken_expectations_can_be_suppressed() -> None:
    """E401 and E402 are findings about a network that was built."""
    assert codes("input: 8x8x3\nlayers: [relu]\nexpect: {params: 3}  # cnncalc: ignore[E401] for now\n") == []


def test_of_rules_that_do_not_run_nothing_is_said() -> None:
    """A comment for a rule that was not selected is not called unused."""
    text = "input: 12x12x3\nlayers:\n  - max_pool 2  # cnncalc: ignore[A101] why\n"
    assert [finding.code for finding in lint(text)] == ["S001"]
    assert lint(text, ignore=["A101"]) == []
    assert lint(text, select=["N"]) == []


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("12x12x3 -> max_pool 2  # cnncalc: ignore[A101] why\n", "12x12x3 -> max_pool 2\n"),
        ("input: 12x12x3\n# cnncalc: ignore[A101] why\nlayers: [abs]\n", "input: 12x12x3\nlayers: [abs]\n"),
        ("input: 12x12x3\r\n# cnncalc: ignore[A101]\r\nlayers: [abs]\r\n", "input: 12x12x3\r\nlayers: [abs]\r\n"),
    ],
)
def test_an_unused_comment_can_be_taken_away(text: str, fixed: str) -> None:
    """The fix removes it with the blanks before it, or with its line."""
    (finding,) = lint(text)
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert text[: edit.start] + edit.text + text[edit.end :] == fixed


def test_one_variant_alone_does_not_call_a_comment_unused() -> None:
    """VGG-11 has no global pool that the comment would be about; VGG-16's file has the comment for all."""
    assert [finding.code for finding in lint("vgg11")] == []


@for_each(
    ("text", "left"),
    [
        ("input: 11x11x3\nlint: {ignore: A101}\nlayers: [max_pool 2]\n", []),
        ("input: 11x11x3\nlint: {ignore: [N101, A101], reason: why}\nlayers: [max_pool 2]\n", ["2:S001"]),
        ("input: 11x11x3\nlayers:\n  - max_pool: {kernel: 2, lint: {ignore: [A101]}}\n", []),
        ("input: 11x11x3\nlayers:\n  - max_pool: 2\n    lint: {ignore: [unseen_border]}\n", []),
        ("input: 11x11x3\nlayers:\n  - relu\n  - {layers: [max_pool 2], lint: {ignore: [A]}}\n", []),
        ("input: 11x11x3\nlayers:\n  - {relu: {lint: {ignore: [A101]}}}\n  - max_pool 2\n", ["3:S001", "4:A101"]),
        ("input: 11x11x3\nlint: {ignore: [A999]}\nlayers: [max_pool 2]\n", ["2:S002", "3:A101"]),
        ("input: 11x11x3\nlint: A101\nlayers: [max_pool 2]\n", ["2:S002", "3:A101"]),
        ("input: 11x11x3\nlint: {ingore: [A101]}\nlayers: [max_pool 2]\n", ["2:S002", "3:A101"]),
        ("input: 11x11x3\nlint: {ignore: A101, why: x}\nlayers: [max_pool 2]\n", ["2:S002"]),
    ],
)
def test_the_key(text: str, left: list[str]) -> None:
    """`lint: {ignore: [...]}` of the spec holds everywhere, of an item for what is in it; nonsense in it is told."""
    assert codes(text) == left


@pytest.mark.parametrize("top", ["---\n", "%YAML 1.2\n---\n", "# one\n---  # two\n"])
def test_a_comment_behind_the_beginning_of_a_document_stands_at_the_top(top: str) -> None:
    """`---` and a directive are no keys."""
    spec = "input: 11x11x3\nlayers: [max_pool 2]\n"
    assert lint(f"{top}# cnncalc: ignore-file[A101] why\n{spec}") == []
    assert [finding.code for finding in lint(f"{top}{spec}# cnncalc: ignore-file[A101] why\n")] == ["S002", "A101"][
        ::-1
    ]
