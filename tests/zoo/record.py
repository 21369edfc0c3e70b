"""Records the figures of the bundled specs, and the page that lists them: `python -m tests.zoo.record`.

Run it after a spec or a rule has changed. It writes specs/figures.json and docs/zoo.md.
"""

from __future__ import annotations

from pathlib import Path

from cnncalc.analysis.zoo import FILE, analyzed, digest
from cnncalc.reading.bundled import bundled_families
from cnncalc.render.json_text import json_lines
from cnncalc.render.zoo import as_markdown

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Analyze every bundled spec."""
    families = sorted(bundled_families(), key=lambda pair: pair[1])
    entries = [analyzed(family, name) for family, name in families]
    digests = [[family, digest(family)] for family in sorted({family for family, _ in families})]
    recorded = {"format": 1, "digests": digests, "models": [entry.to_dict() for entry in entries]}
    (ROOT / "specs" / FILE).write_text(json_lines(recorded) + "\n", encoding="utf-8")
    (ROOT / "docs" / "zoo.md").write_text(as_markdown(entries) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
