"""Running commands in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli._group import group


@pytest.fixture
def run() -> Callable[..., Result]:
    """`run("summary", "quiz", input="…")`, with stdout and stderr apart."""

    def invoke(*arguments: str, input: str | None = None) -> Result:
        return CliRunner().invoke(group, arguments, input=input, prog_name="cnncalc", catch_exceptions=False)

    return invoke
