"""Pages for tests."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from cnncalc.cli._group import group


def written(path: Path, *arguments: str) -> str:
    """Write a page with `cnncalc report`, and return its address."""
    done = CliRunner().invoke(group, ["report", *arguments, "-o", str(path), "--force"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return path.as_uri()
