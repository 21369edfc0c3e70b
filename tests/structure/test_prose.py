"""The texts of the project are plain technical English: a few habits that read as translated do not occur.

The habits, with better words:

| habit | better |
|---|---|
| stands | is, appears |
| tells, told | reports, names |
| is no error | is not an error |
| hangs on | depends on |
| nothing is said, not spoken of | is not reported |
| behind | after |
| held against | compared with |
| left over | dropped, unused |
| put up with | allow |
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.source_tree import nodes, tree
from tests.together import for_each

ROOT = Path(__file__).parents[2]

HABITS = re.compile(
    r"\b(stands?|stood|tells?|told|behind|spoken of|nothing is said|hangs? on|held against|left over|put up with"
    r"|what becomes of)\b"
    r"|(?<!there )\b(is|are) no\b(?! longer)",  # "there is no layer" reads well
    re.IGNORECASE,
)
QUESTION = re.compile(r"\A(What|Who|How|As)\b(?!.*\?)", re.DOTALL)
"""A docstring that begins like a question without asking one."""

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = [
    "analysis", "arithmetic", "cli", "forward", "graph", "homework", "importing", "kernels", "layers", "linting",
    "reading", "render", "solving",
]  # fmt: skip
"""The parts of the package that are clean."""

SOURCES = sorted(file for folder in FOLDERS for file in (ROOT / "cnncalc" / folder).rglob("*.py"))


def habits(text: str) -> list[str]:
    """The habits in a text, each with the words around it."""
    joined = " ".join(text.split())
    return [joined[max(0, found.start() - 40) : found.end() + 30] for found in HABITS.finditer(joined)]


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module, and every comment of one with habits in its comments, with its line."""
    for node in nodes(tree(file), ast.Constant):
        if isinstance(node.value, str):
            yield node.lineno, node.value
    source = file.read_text(encoding="utf-8")
    if not any("#" in line and habits(line) for line in source.splitlines()):
        return  # taking a module apart into tokens takes ten times as long as a look at its lines
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def docstrings(file: Path) -> Iterator[str]:
    """Every docstring of a module, its classes and functions, and every string below an assignment."""
    for node in nodes(tree(file), ast.Expr):
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


@for_each("document", DOCUMENTS, ids=lambda document: document.name)
def test_documents(document: Path) -> None:
    """No habit occurs in a document."""
    assert habits(document.read_text(encoding="utf-8")) == []


def test_bundled_specs() -> None:
    """No habit occurs in a comment or description of a bundled spec."""
    found = {file.name: habits(file.read_text(encoding="utf-8")) for file in (ROOT / "specs").glob("*.yaml")}
    assert {name: found for name, found in found.items() if found} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_modules(folder: str) -> None:
    """No habit occurs in a docstring, a message, a help text or a comment, and no docstring begins as a question."""
    found = []
    for file in sorted((ROOT / "cnncalc" / folder).rglob("*.py")):
        place = file.relative_to(ROOT)
        found += [f"{place}:{line}: {habit}" for line, text in texts(file) for habit in habits(text)]
        found += [f"{place}: {text[:60]}" for text in docstrings(file) if QUESTION.match(text)]
    assert found == []


@for_each(
    "text",
    [
        "It stands in the way.", "What follows is told here.", "this is no\nerror", "boxes hang on nothing",
        "Of it nothing is said.", "the layers behind it", "they are no parameters",
    ],
)  # fmt: skip
def test_a_habit_is_found(text: str) -> None:
    """The patterns match what they are for, across line ends."""
    assert habits(text)


@pytest.mark.parametrize(
    "text", ["there is no layer", "it is no longer there", "a standard", "foretell", "is not reported"]
)
def test_other_words_are_allowed(text: str) -> None:
    """Whole words only, and idioms that read well."""
    assert habits(text) == []
