"""JSON in model files: its size and its depth are checked before it is parsed."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from cnncalc.importing.formats import Request, fail
from cnncalc.number_text import thousands

_LEVELS = 10
"""The depth of JSON as a multiple of the limit on the nesting of specs."""
_MARKS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.DOTALL)


def parsed_json(request: Request, data: bytes, part: str, remedy: str = "save the model again") -> Any:
    """The value of a JSON text, of which at most one byte more than the limit need be read.

    `part` names it in messages, "graph", and `remedy` is what helps where it is damaged. Raises SpecError (E111).
    """
    most = request.limits.file_bytes
    if len(data) > most:
        fail(request.path, f"the {part} is larger than {thousands(most)} bytes", "--max-file-size raises the limit")
    deepest = _depth(data)
    if deepest > _LEVELS * request.limits.nesting:
        levels = thousands(deepest)
        fail(request.path, f"the JSON of the {part} is nested {levels} levels deep", "--max-nesting raises the limit")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        fail(request.path, f"the {part} is not UTF-8 at byte {error.start}", remedy)
    except RecursionError:
        fail(request.path, f"the JSON of the {part} is nested too deep to read")
    except json.JSONDecodeError as error:
        fail(request.path, f"the JSON of the {part} is damaged: {error}", remedy)
    except ValueError:  # Python has a limit on the digits that it converts
        digits = thousands(sys.get_int_max_str_digits())
        fail(request.path, f"the JSON of the {part} has a number of more than {digits} digits", remedy)


def _depth(data: bytes) -> int:
    """The depth of nested brackets, without those in texts."""
    deepest = depth = 0
    for found in _MARKS.finditer(data):
        mark = found[0]
        if mark in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in b"]}":
            depth -= 1
    return deepest
