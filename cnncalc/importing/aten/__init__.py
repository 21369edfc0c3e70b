"""Models of PyTorch as graphs of aten operators: modules in memory, and programs that torch.export saved (`.pt2`)."""

from __future__ import annotations

import os

from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request, fail

ENDINGS = (".pt2",)
_PARTS = (b"/data/weights/weight_", b"/models/", b"archive_format", b"serialized_exported_program.json")


def recognizes(head: bytes, path: str) -> bool:
    """Whether the bytes begin a zip with the parts of an exported program."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    return any(part in head[:400] for part in _PARTS) or (b"/models/" in head and b".json" in head)


def read(request: Request) -> Draft:
    """The draft of a program. Raises SpecError (E111)."""
    from cnncalc.importing.aten.archive import program_of
    from cnncalc.importing.aten.conversion import draft_of
    from cnncalc.importing.aten.exported import graph_of
    from cnncalc.importing.aten.operators import find

    saved = program_of(request)
    name = os.path.splitext(os.path.basename(request.path))[0]
    try:
        graph = graph_of(saved, request.path, name)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, SyntaxError, RecursionError) as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        fail(request.path, f"the graph does not follow its schema ({detail})", "save the program again")
    draft = draft_of(graph, find)
    draft.follows_input = False  # a saved graph keeps the sizes of its export
    return draft
