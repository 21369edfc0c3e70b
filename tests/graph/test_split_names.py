"""The name of a layer that has several outputs, where one is needed."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError


@pytest.mark.parametrize(
    ("parts", "message", "hint"),
    [
        (1, '"s" has one output, with a name of its own', "write s.0"),
        (2, '"s" has 2 outputs, and one is needed', "write s.0 or s.1"),
        (4, '"s" has 4 outputs, and one is needed', "write s.0, s.1, s.2 or s.3"),
        (5, '"s" has 5 outputs, and one is needed', "write one of s.0, s.1, s.2 … s.4"),
    ],
)
def test_the_outputs_to_choose_from(parts: int, message: str, hint: str) -> None:
    """20 channels are divided into parts; up to four of them are listed."""
    with pytest.raises(SpecError) as caught:
        load(f"9x9x20 -> split {parts} name=s -> relu from=s")
    (found,) = caught.value.diagnostics
    assert (found.message, found.hint) == (message, hint)
