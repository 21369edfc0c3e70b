"""The JSON of a saved exported program: a `.pt2` file is a zip, of which only the graph is read."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from typing import Any

from cnncalc.importing.formats import Request, fail
from cnncalc.number_text import thousands

_SCHEMA = 8
"""The major version of the schema that is known: PyTorch 2.5 and later."""
_GRAPH = re.compile(r"(?:[^/]+/)?(?:models/[^/]+\.json|serialized_exported_program\.json)")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def program_of(request: Request) -> dict[str, Any]:
    """The exported program of a file. Raises SpecError (E111)."""
    try:
        with zipfile.ZipFile(request.path) as archive:
            names = [name for name in archive.namelist() if _GRAPH.fullmatch(name)]
            if len(names) != 1:
                what = f"{len(names)} graphs" if names else "no graph"
                fail(request.path, f"the archive holds {what}", "save one program with torch.export.save")
            with archive.open(names[0]) as entry:
                data = entry.read(request.limits.file_bytes + 1)
    except _DAMAGED as error:
        fail(request.path, f"the archive is damaged: {error}", "save the program again")
    return _program(request, data)


def _program(request: Request, data: bytes) -> dict[str, Any]:
    most = request.limits.file_bytes
    if len(data) > most:
        fail(request.path, f"the graph is larger than {thousands(most)} bytes", "--max-file-size raises the limit")
    try:
        found = json.loads(data)
    except RecursionError:
        fail(request.path, "the JSON of the graph is nested too deep to read")
    except ValueError as error:
        fail(request.path, f"the JSON of the graph is damaged: {error}", "save the program again")
    version = found.get("schema_version") if isinstance(found, dict) else None
    major = version.get("major") if isinstance(version, dict) else None
    if major != _SCHEMA:
        said = "states no version" if major is None else f"has version {major}"
        hint = f"save it with a PyTorch of schema {_SCHEMA} (2.5 or later), or pass the module to cnncalc.from_torch"
        fail(request.path, f"the schema of the graph {said}, and only {_SCHEMA} is known", hint)
    assert isinstance(found, dict)
    return found
