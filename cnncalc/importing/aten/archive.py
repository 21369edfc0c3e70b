"""The JSON of a saved exported program: a `.pt2` file is a zip, of which only the graph is read."""

from __future__ import annotations

import re
import zipfile
from typing import Any, NamedTuple

from cnncalc.importing.formats import Request, fail
from cnncalc.importing.json_parts import parsed_json
from cnncalc.importing.zip_entries import DAMAGED, read_entry

_SCHEMA = 8
"""The major version of the schema that is known: PyTorch 2.5 and later."""
_GRAPH = re.compile(r"(?:[^/]+/)?(?:models/[^/]+\.json|serialized_exported_program\.json)")
_WEIGHTS = re.compile(r"(?:[^/]+/)?data/weights/model_weights_config\.json")
"""The list of weights, which names the file of each: parameters with the same file are one array."""


class SavedProgram(NamedTuple):
    """An exported program, and the file in the archive of each weight, None if the archive does not list them."""

    program: dict[str, Any]
    weights: dict[str, str] | None


def program_of(request: Request) -> SavedProgram:
    """The exported program of a file. Raises SpecError (E111)."""
    most = request.limits.file_bytes
    try:
        with zipfile.ZipFile(request.path) as archive:
            names = [name for name in archive.namelist() if _GRAPH.fullmatch(name)]
            if len(names) != 1:
                what = f"{len(names)} graphs" if names else "no graph"
                fail(request.path, f"the archive holds {what}", "save one program with torch.export.save")
            data = read_entry(request, archive, names[0], most + 1)
            lists = [name for name in archive.namelist() if _WEIGHTS.fullmatch(name)]
            listed = read_entry(request, archive, lists[0], most + 1) if len(lists) == 1 else b"null"
    except DAMAGED as error:
        fail(request.path, f"the archive is damaged: {error}", "save the program again")
    return SavedProgram(_program(request, data), _weights(parsed_json(request, listed, "list of weights")))


def _weights(found: Any) -> dict[str, str] | None:
    """The file of each weight, by its name."""
    listed = found.get("config") if isinstance(found, dict) else None
    if not isinstance(listed, dict):
        return None
    entries = {name: each for name, each in listed.items() if isinstance(each, dict)}
    return {name: str(each["path_name"]) for name, each in entries.items() if "path_name" in each}


def _program(request: Request, data: bytes) -> dict[str, Any]:
    found = parsed_json(request, data, "graph")
    version = found.get("schema_version") if isinstance(found, dict) else None
    major = version.get("major") if isinstance(version, dict) else None
    if major != _SCHEMA:
        said = "states no version" if major is None else f"has version {major}"
        hint = f"save it with a PyTorch of schema {_SCHEMA} (2.5 or later), or pass the module to cnncalc.from_torch"
        fail(request.path, f"the schema of the graph {said}, and only {_SCHEMA} is known", hint)
    assert isinstance(found, dict)
    return found
