"""Python files that define models: read by an interpreter, never executed."""

from __future__ import annotations

import re

from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request

ENDINGS = ()
READS_AROUND = True
HAS_VARIANTS = True
_PYTHON = re.compile(r"\.pyw?(?::.*)?$", re.DOTALL)
_FRAMEWORK = re.compile(rb"^[ \t]*(?:import|from)[ \t]+(?:torch|keras|tensorflow)\b", re.MULTILINE)
_NOTEBOOK = re.compile(r"\.ipynb(?::.*)?$", re.DOTALL)


def recognizes(head: bytes, path: str) -> bool:
    """A file with the ending of Python; standard input that imports a framework; or a notebook."""
    if _NOTEBOOK.search(path):
        return head.lstrip()[:1] == b"{"
    return _PYTHON.search(path) is not None or (path.endswith("<stdin>") and _FRAMEWORK.search(head) is not None)


def read(request: Request) -> Draft:
    """The draft of the model that the request names. Raises SpecError."""
    from cnncalc.importing.python.model import draft_of

    return draft_of(request)


def models_in(request: Request) -> tuple[str, ...]:
    """The names of the models of a file. Raises SpecError."""
    from cnncalc.importing.python.model import models_in as found

    return found(request)
