"""ONNX files, read without the onnx package: the wire format, the messages, the operators.

The file is mapped into memory, and weights are never read; data outside of the file are never opened.
"""

from __future__ import annotations

from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request

ENDINGS = (".onnx",)
_FIRST_FIELDS = frozenset({0x08, 0x12, 0x1A, 0x3A, 0x42})
"""The keys of ir_version, producer_name, producer_version, graph and opset_import, one of which comes first."""


def recognizes(head: bytes, path: str) -> bool:
    """Whether the bytes begin with the version of ONNX's format, 1 to 30, and another field of a model after it."""
    if len(head) < 4 or head[0] != 0x08:
        return False
    return 1 <= head[1] <= 30 and head[2] in _FIRST_FIELDS


def read(request: Request) -> Draft:
    """The draft of a model. Raises SpecError (E111)."""
    from cnncalc.importing.onnx.mapped_file import draft_of

    return draft_of(request)
