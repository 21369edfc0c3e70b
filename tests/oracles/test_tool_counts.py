"""The recorded counts of other tools are those that the installed tools print."""

from __future__ import annotations

import json

import pytest

from tests.oracles.record_tool_counts import ABSENT, DATA, torch_counts


@pytest.mark.sweep
def test_installed_tools_print_what_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every tool that is installed prints the recorded number for every layer."""
    import sys
    from unittest.mock import MagicMock

    pytest.importorskip("thop", reason="the counting tools are installed in an environment of their own")
    for name in ABSENT:
        monkeypatch.setitem(sys.modules, name, MagicMock())
    recorded = json.loads((DATA / "tool_counts_torch.json").read_text(encoding="utf-8"))["layers"]
    found = {name: count() for part, name, count in torch_counts() if part == "layers"}
    assert {name: {tool: recorded[name][tool] for tool in counts} for name, counts in found.items()} == found
