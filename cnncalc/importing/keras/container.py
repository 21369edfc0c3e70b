"""The configuration of a Keras model, from each kind of file that holds one. Nothing is executed or unpickled."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from cnncalc.importing.formats import Request, fail
from cnncalc.number_text import thousands


class ModelConfig(NamedTuple):
    """A model as `{"class_name": …, "config": …}`, and the version that wrote it, if the file says so."""

    model: dict[str, Any]
    version: str


def config_of(request: Request) -> ModelConfig:
    """The model that a file holds. Raises SpecError (E111)."""
    try:
        with open(request.path, "rb") as file:
            head = file.read(8)
    except OSError as error:
        fail(request.path, f"the file cannot be read: {error.strerror}", code="E106")
    version = ""
    if head.startswith(b"PK"):
        text, version = _from_zip(request)
    elif head.startswith(b"\x89HDF"):
        text = _from_hdf5(request)
    else:
        text = _from_text(request)
    return _model_in(_parsed(request, text), request, version)


def _from_text(request: Request) -> str:
    most = request.limits.file_bytes
    with open(request.path, "rb") as file:
        data = file.read(most + 1)
    return _decoded(request, data, most)


def _decoded(request: Request, data: bytes, most: int) -> str:
    if len(data) > most:
        fail(
            request.path,
            f"the configuration is larger than {thousands(most)} bytes",
            "--max-file-size raises the limit",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fail(request.path, f"the configuration is not UTF-8 at byte {error.start}", "save the model again")


def _from_zip(request: Request) -> tuple[str, str]:
    """`config.json` and the version in `metadata.json`; at most the limit is ever unpacked."""
    import zipfile

    from cnncalc.importing.zip_entries import DAMAGED, read_entry

    most = request.limits.file_bytes
    try:
        with zipfile.ZipFile(request.path) as archive:
            names = {name for name in archive.namelist() if name in ("config.json", "metadata.json")}
            if "config.json" not in names:
                fail(request.path, "the archive holds no config.json", "save the model with model.save(…)")
            text = _decoded(request, read_entry(request, archive, "config.json", most + 1), most)
            version = ""
            if "metadata.json" in names:
                data = read_entry(request, archive, "metadata.json", 10_000)
                found = re.search(rb'"keras_version":\s*"([\w.+-]{1,40})"', data)
                version = found[1].decode() if found else ""
            return text, version
    except DAMAGED as error:
        fail(request.path, f"the archive is damaged: {error}", "save the model again")


def _from_hdf5(request: Request) -> str:
    try:
        import h5py
    except ImportError:
        fail(request.path, "an HDF5 file needs h5py", 'pip install "cnncalc[h5]", or save the model as .keras')
    try:
        with h5py.File(request.path, "r") as file:
            text = file.attrs.get("model_config")
    except (OSError, RuntimeError, ValueError) as error:
        fail(request.path, f"the HDF5 file is damaged: {error}", "save the model again")
    if text is None:
        fail(request.path, "the file holds weights without a model", "save the whole model with model.save(…)")
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _parsed(request: Request, text: str) -> Any:
    depth = _depth(text)
    if depth > 10 * request.limits.nesting:
        fail(request.path, f"the JSON is nested {depth} levels deep", "--max-nesting raises the limit")
    try:
        return json.loads(text)
    except RecursionError:
        fail(request.path, f"the JSON is nested {depth} levels deep, too deep to read")
    except ValueError as error:
        fail(request.path, f"the JSON is damaged: {error}", "save the model again")


def _depth(text: str) -> int:
    """The depth of nested brackets, without those in texts."""
    deepest = depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        mark = found[0]
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _model_in(found: Any, request: Request, version: str) -> ModelConfig:
    """The model inside of what the JSON holds: itself, or under the keys of TensorFlow.js or of an HDF5 export."""
    for key in ("modelTopology", "model_config"):
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            version = str(found[key].get("keras_version", version))
            found = found[key]
    if not isinstance(found, dict) or "class_name" not in found or "config" not in found:
        fail(request.path, "the JSON holds no Keras model", "it needs class_name and config, as model.to_json() writes")
    return ModelConfig(found, str(found.get("keras_version", version))[:40])
