"""`lint --fix` of notebooks: the size changes in its cell, and no other character of the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cnncalc.importing.python.notebook_text import NotebookText
from cnncalc.linting.discovery import Target
from cnncalc.linting.fixing import fix
from cnncalc.linting.settings import Settings

LINES = [
    "import torch\n", "from torch import nn\n", '# a "size", größer than 😀\n', "class Net(nn.Module):\n",
    "    # cnncalc: input 3x32x32\n", "    def __init__(self):\n", "        super().__init__()\n",
    "        self.conv = nn.Conv2d(1, 8, 3); \"é😀\"; self.fc = nn.Linear(100, 2)\n", "    def forward(self, x):\n",
    "        return self.fc(self.conv(x).flatten(1))",
]  # fmt: skip


def notebook(source: object) -> dict[str, Any]:
    """A cell of text, a cell of magics, and the model, with an output before its source."""
    text = {"cell_type": "markdown", "metadata": {}, "source": ['# "A" title\n']}
    magic = {"cell_type": "code", "metadata": {"a": "b"}, "outputs": [], "source": ["%matplotlib inline\n", "x = 1"]}
    model = {"cell_type": "code", "metadata": {}, "outputs": [{"text": ["é\n"]}], "source": source}
    return {"cells": [text, magic, model], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


FORMS = {
    "as Jupyter writes": (LINES, {"indent": 1, "ensure_ascii": False}),
    "with escapes, on one line": (LINES, {}),
    "one text for a cell": ("".join(LINES), {"indent": 2}),
    "parts that are not lines": (["".join(LINES)[:100], "".join(LINES)[100:]], {"indent": 4}),
}


@pytest.mark.parametrize("form", FORMS)
def test_sizes_change_in_place(form: str, tmp_path: Path) -> None:
    """8 channels of 30x30 are 7200 numbers; 1 and 100 are the only numbers that change."""
    source, options = FORMS[form]
    path = tmp_path / "n.ipynb"
    before = json.dumps(notebook(source), **options)  # type: ignore[arg-type]
    path.write_text(before, encoding="utf-8")
    fixed = fix(Target(str(path)), Settings().plan_for("n.ipynb"))
    expected = before.replace("Conv2d(1, 8, 3)", "Conv2d(3, 8, 3)").replace("Linear(100, 2)", "Linear(7200, 2)")
    assert (fixed.resolved, fixed.texts[1]) == (2, expected)


def test_uncertain_places_are_left_alone() -> None:
    """A key that occurs twice, an old notebook and a cell that does not exist have no place."""
    assert NotebookText('{"cells": [{"source": "a", "source": "b = 1"}]}').offset(1, 1, 5) is None
    assert NotebookText('{"worksheets": [{"cells": []}]}').offset(1, 1, 1) is None
    assert NotebookText('{"cells": []}').offset(1, 1, 1) is None
    assert NotebookText('{"cells": [{"source": "a"}]}').offset(1, 1, 9) is None
