"""One spec's findings: their order and places, blocks and variants told once, budgets, files that cannot be read."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import cnncalc
from cnncalc.linting.api import lint
from cnncalc.linting.finding import Finding

BLOCK = """\
input: ${size}x${size}x3
variables: {size: 44}
variants:
  even: {size: 48}
  small: {size: 22}
blocks:
  half:
    layers:
      - conv 8 3x3 same relu
      - max_pool 2
layers:
  - {half: {}, repeat: 3, name: stage}
"""


def test_a_block_is_told_once_with_its_layers_and_variants() -> None:
    """From 44, the third pool gets 11; from 22, the second 11 and the third 5; from 48, all get even sizes."""
    (finding,) = lint(BLOCK)
    assert (finding.code, finding.line, finding.column) == ("A101", 10, 9)
    assert (finding.layer, finding.others) == ("stage.2.max_pool_1", ())
    assert finding.variants == ("the spec as written", "small")
    assert finding.sentence.endswith("11 − 2 = 9 is not divisible by stride 2 (in the spec as written, small)")


def test_what_holds_in_all_variants_names_none() -> None:
    """One finding, without variants."""
    text = BLOCK.replace("- max_pool 2", "- max_pool 2\n      - relu\n      - relu")
    found = lint(text, select=["N103"])
    assert [(finding.line, finding.variants) for finding in found] == [(12, ())]
    assert found[0].others == ("stage.1.relu_2", "stage.2.relu_2")
    assert "(and 2 more layers like it)" in found[0].sentence


def test_a_variant_that_cannot_be_built_is_named() -> None:
    """3x3 on 2 positions: only the small one refuses."""
    text = "input: ${size}x9x1\nvariables: {size: 9}\nvariants:\n  tiny: {size: 2}\nlayers: [conv 8 3x3]\n"
    (finding,) = lint(text)
    assert (finding.code, finding.variants) == ("E301", ("tiny",))


def test_a_named_variant_alone_is_checked() -> None:
    """`resnet101` is a variant of resnet50's file."""
    assert lint("resnet101") == []


def test_findings_stand_in_the_order_of_the_text() -> None:
    """Whatever rule found them."""
    text = "11x11x3 -> max_pool 2 -> conv 8 3x3 p3 relu -> relu -> max_pool 2"
    assert [finding.code for finding in lint(text)] == ["A101", "A103", "N103", "A101"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("input: 8x8x3\nlayers:\n  - conv 4 9x9\n", "3:12-3:15 E301"),
        ("input: 8x8x3\nlayers:\n  - conv: {filters: 4, kernel: 3, stride: 0}\n", "3:43-3:44 E204"),
        ("input: 8x8x3\nlayers:\n  - relu\nexpect: {params: 5}\n", "4:18-4:19 E401"),
        ("input: 8x8x3\nlayers:\n  - {conv: 4 3x3, budget: {params: 1}}\n", "3:36-3:37 E402"),
        ("input: 8x8x3\nlayers: [relu\n", "2:9-2:10 E101"),
    ],
)
def test_mistakes_have_their_place(text: str, place: str) -> None:
    """Line and column of the first character and behind the last, counted by hand."""
    (finding,) = lint(text)
    end_line, end_column = finding.end
    assert f"{finding.line}:{finding.column}-{end_line}:{end_column} {finding.code}" == place


def test_several_mistakes_are_told_together() -> None:
    """Each with its code, as in a summary."""
    found = lint("8x8x3 -> cnov 4 3x3 -> relu s9")
    assert [(finding.code, finding.column) for finding in found] == [("E202", 10), ("E204", 29)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x00\x01\x02input", "E104"),
        (b"\xff\xfei\x00n\x00", "E104"),
        (b"input: 8x8x3\nlayers: [\xe9]\n", "E104"),
        (b"", "E101"),
        (b"- a\n- b\n", "E209"),
        (b"input: 8x8x3\nlayers:\n\t- relu\n", "E101"),
    ],
)
def test_files_that_are_no_specs(tmp_path: Path, data: bytes, code: str) -> None:
    """Binary, another encoding, nothing, a list, a tab: a finding each, no exception."""
    file = tmp_path / "net.yaml"
    file.write_bytes(data)
    assert {finding.code for finding in lint(file)} == {code}
    assert all(finding.line >= 1 and finding.column >= 1 for finding in lint(file))


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    """One is missing, the next has a finding."""
    (tmp_path / "b.yaml").write_text("input: 11x11x3\nlayers: [max_pool 2]\n")
    found = lint([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    assert [(Path(finding.file).name, finding.code) for finding in found] == [("a.yaml", "E106"), ("b.yaml", "A101")]


def test_crlf_and_byte_order_marks_move_no_place(tmp_path: Path) -> None:
    """Both are common in files from Windows."""
    file = tmp_path / "net.yaml"
    file.write_bytes(b"\xef\xbb\xbfinput: 11x11x3\r\nlayers:\r\n  - max_pool 2\r\n")
    (finding,) = lint(file)
    assert (finding.code, finding.line, finding.column) == ("A101", 3, 5)


def test_a_finding_as_plain_values() -> None:
    """The machine-readable form has everything, and a finding survives pickling, for runs in several processes."""
    (finding,) = lint("11x11x3 -> max_pool 2")
    assert finding.to_dict() == {
        "code": "A101",
        "name": "unseen_border",
        "severity": "warning",
        "message": "max_pool_1: the last row and column of the 11x11 input are never used: "
        "11 − 2 = 9 is not divisible by stride 2",
        "hint": "use a height and width of 10 or 12",
        "file": "<inline>",
        "line": 1,
        "column": 12,
        "end_line": 1,
        "end_column": 20,
        "layers": ["max_pool_1"],
        "variants": [],
        "fix": None,
    }
    copy: Finding = pickle.loads(pickle.dumps(finding))
    assert copy.to_dict() == finding.to_dict()


def test_the_public_call() -> None:
    """`cnncalc.lint` takes what the command takes; a word that names no rule is an error."""
    assert cnncalc.lint("quiz") == []
    assert [finding.code for finding in cnncalc.lint("11x11x3 -> max_pool 2", select="A1", ignore=["A106"])] == ["A101"]
    with pytest.raises(cnncalc.SpecError, match='unknown rule "X9"'):
        cnncalc.lint("quiz", ignore=["X9"])


@pytest.mark.parametrize("text", ["8x8x3 -> (relu)*990000", "8x4 -> lstm 1 layers=1000000000"])
def test_a_limit_offers_only_what_lint_takes(text: str) -> None:
    """`lint` has no option such as --max-layers; its function takes limits."""
    (found,) = lint(text, select=["E103"])
    assert found.hint == "raise it with limits=Limits(layers=N) in Python"
