"""Files without contents: the ending tells whether a model file or a spec is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from cnncalc.linting.api import lint

EMPTY = [
    *((f"net{ending}", "E111", "the file is empty")
      for ending in (".prototxt", ".cfg", ".py", ".pt2", ".onnx", ".keras", ".json", ".ipynb", ".ONNX")),
    ("net.yaml", "E101", "the spec is empty"),
    ("net.txt", "E101", "the spec is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "message"), EMPTY)
@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_file(name: str, code: str, message: str, text: str, tmp_path: Path) -> None:
    """An empty model file needs no keys of a spec; its ending tells what it should be."""
    path = str(tmp_path / name)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(path)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.message) == (code, message)
    assert ("`layers:`" in diagnostic.hint) == (code == "E101")
    assert [finding.code for finding in lint(path)] == [code]
