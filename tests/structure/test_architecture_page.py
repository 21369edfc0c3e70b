"""docs/ARCHITECTURE.md: its folder list is the package's, and every path that it names exists."""

from __future__ import annotations

import re

from tests.structure.source_tree import PACKAGE

ROOT = PACKAGE.parent
PAGE = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_every_folder_has_a_line() -> None:
    """The first column of the table lists the folders of the package, each once and in order."""
    listed = re.findall(r"^\| `(\w+)/` \|", PAGE, re.MULTILINE)
    assert listed == sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def test_every_path_exists() -> None:
    """Each path in backticks, from the repository's root, and each link is a file or folder."""
    named = re.findall(r"`((?:cnncalc|tests|docs|specs)/[\w./-]*|CONTRIBUTING\.md)`", PAGE)
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_other_pages_link_to_it() -> None:
    """README and CONTRIBUTING name the page."""
    for page in ("README.md", "CONTRIBUTING.md"):
        assert "(docs/ARCHITECTURE.md)" in (ROOT / page).read_text(encoding="utf-8"), page
