"""Runs a file of the corpus, as Python does, and takes the model from it."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import types
from typing import Any

from tests.oracles.source_figures.listing import CORPUS, CorpusModel, source_text


def loaded(model: CorpusModel, text: str | None = None) -> dict[str, Any]:
    """The names that a file defines; `text` is a changed text of it."""
    sys.argv = [model.file]
    with contextlib.redirect_stdout(io.StringIO()):
        if "/" in model.file:
            sys.path.insert(0, str(CORPUS))
            return vars(importlib.import_module(model.file.removesuffix(".py").replace("/", ".")))
        name = "corpus_" + model.file.partition(".")[0]
        module = sys.modules[name] = types.ModuleType(name)
        source = text if text is not None else source_text(model.file)
        if model.file.endswith(".ipynb"):
            source = code_of_notebook(source)
        exec(compile(source, model.file, "exec"), vars(module))
        return vars(module)


def code_of_notebook(text: str) -> str:
    """The code of a notebook's cells, without magics, shell commands and questions."""
    code = []
    for cell in json.loads(text)["cells"]:
        lines = "".join(cell["source"]).splitlines()
        if cell["cell_type"] == "code" and not (lines and lines[0].startswith("%%bash")):
            code += [line for line in lines if not line.startswith(("%", "!")) and not line.endswith("?")]
    return "\n".join(code)


def built(model: CorpusModel, text: str | None = None) -> tuple[Any, dict[str, Any]]:
    """The model itself: a variable as it is, a class or function called with its constants."""
    names = loaded(model, text)
    found = names[model.name]
    with contextlib.redirect_stdout(io.StringIO()):
        if isinstance(found, type | types.FunctionType):
            found = eval(f"{model.name}({model.arguments})", names)
    return found, names
