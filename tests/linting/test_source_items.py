"""The items that lint looks at: those that the build took apart, each once, and those that it did not reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import Diagnostic
from cnncalc.graph import items, memo
from cnncalc.graph.items import Item
from cnncalc.linting.api import lint
from cnncalc.reading import inline
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Scalar, SpecNode
from tests.structure.test_architecture import imports

PARSERS = {"take_apart", "split_item", "expand_item", "item_of_call", "read_call", "value_node", "Located"}
"""The functions and classes that tokenise or parse the text of an item."""

FACTORY = """\
input: 8x8x3
variables: {width: 4}
variants: {wide: {width: 8}, narrow: {width: 2}}
blocks:
  unused: [Conv2D 5 3x3, relu]
  used: ["conv ${width} 3x3 p1", relu]
layers:
  - used
  - used
  - conv 4 3x3 p1
  - conv 4 3x3 p1 name=last
  - {conv: {filters: 6, kernel: 3}, activation: tanh}
  - x = nn.ReLU()
  - time_distributed: {layer: dense 3}
  - (abs -> relu)*2 -> conv 4 3x3 p1  # cnncalc: ignore[A101, S103] nothing is found here
  - {layers: [abs, softmax], lint: {ignore: [N112]}}
"""
BROKEN = FACTORY.replace("- conv 4 3x3 p1\n", "- cnov 4 3x3 p1\n").replace("filters: 6", "filters: 0")
UNREACHED = FACTORY.replace("- used\n", "- {relu: , repeat: 1000000}\n", 1)
INLINE = "8x8x3 -> Conv2D 4 3x3 -> relu -> (Conv2D 4 3x3 -> relu)*2 -> add(relu | identity)"


@pytest.mark.parametrize("text", [FACTORY, BROKEN, UNREACHED, INLINE], ids=["whole", "broken", "limit", "inline"])
def test_an_item_is_taken_apart_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all rules, variants and suppressions: one call for each text that is more than plain words."""
    taken: list[str] = []
    expanded: list[Scalar] = []
    take_apart, expand_item = memo.take_apart, inline.expand_item

    def taking(node: SpecNode, is_head: Callable[[str], bool], report: Callable[[Diagnostic], None]) -> Item | None:
        taken.append(node.source.text[node.start : node.end])
        return take_apart(node, is_head, report)

    def expanding(node: Scalar, limits: Limits) -> tuple[list[SpecNode], list[Diagnostic]]:
        expanded.append(node)
        return expand_item(node, limits)

    monkeypatch.setattr(memo, "take_apart", taking)
    monkeypatch.setattr(inline, "expand_item", expanding)
    lint(text, select=["ALL"])
    assert any("(" in each for each in taken)
    assert "relu" not in taken
    assert {each: count for each, count in Counter(taken).items() if count > 1} == {}
    assert len(set(expanded)) == len(expanded)


def test_every_text_goes_through_the_memo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The texts that are tokenised are those that the memo takes apart: nothing reads them beside it.

    Items of plain words, such as `conv 4 3x3 p1`, are no such texts.
    """
    tokenised: list[str] = []
    from_text = items._from_text

    def reading(node: Scalar, is_head: Callable[[str], bool], report: Callable[[Diagnostic], None]) -> Item | None:
        tokenised.append(node.text)
        return from_text(node, is_head, report)

    monkeypatch.setattr(items, "_from_text", reading)
    lint(FACTORY, select=["ALL"])
    assert sorted(tokenised) == ["conv ${width} 3x3 p1", "conv 4 3x3 p1 name=last", "x = nn.ReLU()"]


def test_linting_imports_no_parser_of_items() -> None:
    """No module of linting has a parser of items at hand."""
    files = sorted(Path(cnncalc.__file__).parent.joinpath("linting").rglob("*.py"))
    assert len(files) > 50
    found = [f"{path.name}: {name}" for path in files for name, *_ in imports(path) if name.split(".")[-1] in PARSERS]
    assert found == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "input: 8x8x3\nblocks:\n  unused:\n    - Conv2D 4 3x3 name=First\nlayers: [relu]\n",
            ["4:7 S103", "4:25 S102"], id="an unused block",
        ),
        pytest.param(
            "input: 8x8x3\nlayers:\n  - cnov 4 3x3\n  - Conv2D 4 3x3 name=Second\n",
            ["3:5 E202", "4:5 S103", "4:23 S102"], id="after a broken item",
        ),
        pytest.param(
            "input: 8x8x3\nlayers:\n  - {relu: , repeat: 1000000}\n  - Conv2D 4 3x3 name=Second\n",
            ["3:22 E103", "4:5 S103", "4:23 S102"], id="after a limit",
        ),
        pytest.param(
            "input: 8x8x3\nlayers:\n  - Conv2D 4 3x3\n  - (((Conv2D 4 3x3\n  - Conv2D 4 3x3\n",
            ["3:5 S103", "4:7 E110", "5:5 S103"], id="around a text with a mistake",
        ),
        pytest.param(
            "input: 8x8x3\nlayers:\n  a: 1\nblocks: {b: [Conv2D 3 3x3], c: {layers: 3}}\n",
            ["3:3 E209", "4:14 S103", "4:29 E209"], id="without layers",
        ),
        pytest.param(
            "input: 8x8x3\nlayers:\n  - Conv2D 4 [3, 3] p1\n  - Conv2D 4 [3, 3] p1\n",
            ["3:5 S103", "4:5 S103"], id="equal texts",
        ),
        pytest.param(
            "input: 16x16x3\nlayers:\n  - conv 4 kernel=3x3 dilation_rate=2\n  - conv 4 kernel=3x3 dilation_rate=2\n",
            ["3:23 S103", "4:23 S103"], id="arguments of equal texts",
        ),
        pytest.param(
            "input: 8x8x3\nlayers:\n  - conv 4 3x3 stride=1\n  - relu\n  - conv 4 3x3 stride=1\n",
            ["3:16 S104", "5:16 S104"], id="defaults in equal texts",
        ),
        pytest.param(
            "input: 8x8x3\nlayers:\n  - time_distributed: {layer: Conv2D 4 3x3}\n",
            ["3:5 E303", "3:31 S103"], id="inside a wrapper",
        ),
    ],
)  # fmt: skip
def test_findings_in_every_item(text: str, found: list[str]) -> None:
    """Items that the build did not reach, or that share a text, have findings at their own position."""
    findings = lint(text, select=["E", "S001", "S102", "S103", "S104"])
    assert [f"{each.line}:{each.column} {each.code}" for each in findings] == found


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ["blocks:", "  unused:", "    - {relu: , name: First, lint: {ignore: [S102]}}"], id="unused block"
        ),
        pytest.param(["layers:", "  - cnov 3", "  - {relu: , name: First, lint: {ignore: [S102]}}"], id="broken spec"),
        pytest.param(
            ["layers:", "  - {abs: , repeat: 1000000}", "  - {relu: , name: First, lint: {ignore: [S102]}}"], id="limit"
        ),
        pytest.param(["layers:", "  - cnov 3", "  - relu name=First  # cnncalc: ignore[S102] why"], id="comment"),
    ],
)
def test_suppressions_in_every_item(lines: list[str]) -> None:
    """A `lint` key, or a comment, holds in an unused block and in a spec that cannot be built."""
    text = "\n".join(["input: 8x8x3", *lines, ""])
    text += "" if "layers:" in lines else "layers: [abs]\n"
    assert "S102" not in [each.code for each in lint(text, select=["S102"])]
    kept = text.replace("lint: {ignore: [S102]}", "trainable: true").replace("# cnncalc: ignore[S102] why", "")
    assert "S102" in [each.code for each in lint(kept, select=["S102"])]


def test_an_invalid_key_in_an_unused_block() -> None:
    """A `lint` key that names no rules is reported wherever it is written."""
    text = "input: 8x8x3\nblocks:\n  unused:\n    - {relu: , lint: 3}\nlayers: [abs]\n"
    assert [f"{each.line}:{each.column} {each.code}" for each in lint(text, select=["S002"])] == ["4:22 S002"]


@pytest.mark.parametrize(("nesting", "found"), [(100, ["3:105 E103"]), (150, ["3:125 S103"])])
def test_the_limits_are_those_of_the_build(nesting: int, found: list[str]) -> None:
    """120 groups in each other are read if the caller's limit allows them, by the build and by the rules."""
    text = f"input: 8x8x3\nlayers:\n  - {'(' * 120}Conv2D 4 3x3{')' * 120}\n"
    findings = lint(text, select=["E", "S103"], limits=Limits(nesting=nesting))
    assert [f"{each.line}:{each.column} {each.code}" for each in findings] == found


def test_a_flatten_before_modules_that_are_not_registered(tmp_path: Path) -> None:
    """PyTorch counts no parameter of a plain list, so that none can be saved: 343·30,000 weights are fixed."""
    path = tmp_path / "net.py"
    path.write_text(
        "# cnncalc: input 7x7x7\nimport torch\nclass Net(torch.nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.parts = [torch.nn.Linear(343, 30000)]\n"
        "    def forward(self, x):\n        return self.parts[0](torch.flatten(x, 1))\n"
    )
    assert "N109" not in {finding.code for finding in cnncalc.lint(path)}
