"""The configuration of a Keras model, from each kind of file that holds one. Nothing is executed or unpickled."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from cnncalc.importing.formats import Request, fail
from cnncalc.importing.json_parts import parsed_json

_SAVE = "save the whole model with model.save(…)"


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
        data, version = _from_zip(request)
    elif head.startswith(b"\x89HDF"):
        data = _from_hdf5(request)
    else:
        data = _from_text(request)
    return _model_in(parsed_json(request, data, "configuration"), request, version)


def _from_text(request: Request) -> bytes:
    with open(request.path, "rb") as file:
        return file.read(request.limits.file_bytes + 1)


def _from_zip(request: Request) -> tuple[bytes, str]:
    """`config.json` and the version in `metadata.json`; at most the limit is ever unpacked."""
    import zipfile

    from cnncalc.importing.zip_entries import DAMAGED, read_entry

    most = request.limits.file_bytes
    try:
        with zipfile.ZipFile(request.path) as archive:
            names = {name for name in archive.namelist() if name in ("config.json", "metadata.json")}
            if "config.json" not in names:
                fail(request.path, "the archive holds no config.json", "save the model with model.save(…)")
            config = read_entry(request, archive, "config.json", most + 1)
            version = ""
            if "metadata.json" in names:
                data = read_entry(request, archive, "metadata.json", 10_000)
                found = re.search(rb'"keras_version":\s*"([\w.+-]{1,40})"', data)
                version = found[1].decode() if found else ""
            return config, version
    except DAMAGED as error:
        fail(request.path, f"the archive is damaged: {error}", "save the model again")


def _from_hdf5(request: Request) -> bytes:
    try:
        import h5py
    except ImportError:
        fail(request.path, "an HDF5 file needs h5py", 'pip install "cnncalc[h5]", or save the model as .keras')
    try:
        with h5py.File(request.path, "r") as file:
            text = file.attrs.get("model_config")
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError) as error:
        fail(request.path, f"the HDF5 file is damaged: {error}", "save the model again")
    if text is None:
        fail(request.path, "the file holds weights without a model", _SAVE)
    if not isinstance(text, bytes | str):
        fail(request.path, f"model_config is not a text but {type(text).__name__}", _SAVE)
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _model_in(found: Any, request: Request, version: str) -> ModelConfig:
    """The model inside of what the JSON holds: itself, or under the keys of TensorFlow.js or of an HDF5 export."""
    for key in ("modelTopology", "model_config"):
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            version = str(found[key].get("keras_version", version))
            found = found[key]
    if not isinstance(found, dict) or "class_name" not in found or "config" not in found:
        fail(request.path, "the JSON holds no Keras model", "it needs class_name and config, as model.to_json() writes")
    return ModelConfig(found, str(found.get("keras_version", version))[:40])
