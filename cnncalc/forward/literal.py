"""Arrays given by a user: nested lists, or files of numbers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from io import BytesIO, StringIO
from math import prod
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnncalc.number_text import decimal, thousands
from cnncalc.reading.files import read_file

Float64Array = NDArray[np.float64]

MAX_CHARACTERS = 10 * 1024 * 1024
MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_DEPTH = 32
_LARGEST = 1e300


class ArrayError(Exception):
    """A text or file that is not an array of numbers; the message states the reason."""


def read_arrays(text: str) -> Float64Array | dict[str, Float64Array]:
    """The array in `text` (`[[1, 0], [4, 6]]`, a number, a `.npy` or `.csv` file), or a mapping of names to arrays.

    Raises ArrayError for anything else, OSError for a file that cannot be read.
    """
    if text.lower().endswith(".npy"):
        return _from_npy(text)
    if text.lower().endswith((".csv", ".tsv")):
        return _from_csv(text)
    value = _parse(text)
    if isinstance(value, dict):
        return {name: _as_array(part) for name, part in value.items()}
    return _as_array(value)


def read_array(text: str, what: str) -> Float64Array:
    """The array in `text`. Raises ArrayError, also for a mapping, which `what` does not accept."""
    found = read_arrays(text)
    if isinstance(found, dict):
        raise ArrayError(f"{what} must be one array such as [[1, 0], [4, 6]], not a mapping of names to arrays")
    return found


def arrays_of(value: Any) -> Float64Array | dict[str, Float64Array]:
    """Like `read_arrays`, for a text, or for numbers in lists or in a NumPy array, or a mapping of names to these."""
    if isinstance(value, str):
        return read_arrays(value)
    if isinstance(value, Mapping):
        return {str(name): _as_array(_as_lists(part)) for name, part in value.items()}
    return _as_array(_as_lists(value))


def _as_lists(value: Any) -> Any:
    """A NumPy array or a tuple as lists."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [_as_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _parse(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        most = thousands(MAX_CHARACTERS)
        raise ArrayError(f"the data has {thousands(len(text))} characters; put more than {most} into a .npy file")
    if _depth(text) > MAX_DEPTH:
        raise ArrayError(f"lists nested deeper than {MAX_DEPTH}, the maximum number of axes of an array")
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return json.loads(_spelt_out(text))
    except ValueError as error:
        hint = "; a file must end in .npy or .csv" if os.path.exists(text) else ""
        raise ArrayError(f'"{_shortened(text)}" is not an array such as [[1, 0], [4, 6]]{hint}') from error


def _spelt_out(text: str) -> str:
    """The array as JSON: spaces become commas, a semicolon ends a row, `.1` and `1.` become numbers."""
    text = " ".join(text.split())
    if ";" in text and text.startswith("[") and text.endswith("]") and text.count("[") == 1:
        text = f"[[{text[1:-1].replace(';', '],[')}]]"
    text = re.sub(r"\s*([,\[\]])\s*", r"\1", text).replace("][", "],[")
    text = re.sub(r"(?<=[0-9.])\s+(?=[-+.0-9])", ",", text)
    text = re.sub(r"(?<![0-9])\.(?=[0-9])", "0.", text)
    return re.sub(r"(?<=[0-9])\.(?![0-9])|\+(?=[0-9])", "", text)


def _depth(text: str) -> int:
    deepest = depth = 0
    for char in text:
        depth += (char in "[{") - (char in "]}")
        deepest = max(deepest, depth)
    return deepest


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _as_array(value: Any) -> Float64Array:
    _check_numbers(value)
    try:
        array = np.array(value, dtype=np.float64)
    except ValueError:
        raise ArrayError("the rows have different lengths") from None
    if not array.size:
        raise ArrayError("the array is empty")
    return array


def _check_numbers(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _check_numbers(item)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise ArrayError(f"{json.dumps(value, default=repr)[:60]} is not a number")
    elif abs(value) > _LARGEST:
        raise ArrayError(f"a number is larger than {decimal(_LARGEST)}, the largest allowed here")


def _from_npy(path: str) -> Float64Array:
    """The array of a `.npy` file, whose header is compared with the size of the data before reading it."""
    data = read_file(path, MAX_FILE_BYTES)
    try:
        array = _array_in(data)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, TokenError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise ArrayError(f"{path} is not a NumPy file of plain numbers: {reason}") from None
    if not array.size:
        raise ArrayError(f"{path} contains no numbers")
    return np.asarray(array, dtype=np.float64)


def _array_in(data: bytes) -> NDArray[Any]:
    """The array in the bytes of a `.npy` file. Raises ValueError, or an error from NumPy, if they are not one."""
    file = BytesIO(data)
    version = np.lib.format.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"version {version[0]}.{version[1]} of the format")
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, dtype = read(file)
    if dtype.kind not in "iufb" or dtype.itemsize > 8:
        raise ValueError(f"it contains {dtype}, not numbers")
    follow, needed = len(data) - file.tell(), prod(shape) * dtype.itemsize
    if len(shape) > MAX_DEPTH or min(shape, default=0) < 0 or follow != needed:
        raise ValueError(f"its header requires {thousands(needed)} bytes of numbers, but {thousands(follow)} follow")
    flat = np.frombuffer(data, dtype, offset=file.tell())
    return flat.reshape(shape, order="F" if by_columns else "C")


def _from_csv(path: str) -> Float64Array:
    delimiter = "\t" if path.lower().endswith(".tsv") else ","
    try:
        text = read_file(path, MAX_CHARACTERS).decode("utf-8-sig")
        if not any(line.partition("#")[0].strip() for line in text.splitlines()):  # NumPy warns about it
            raise ArrayError(f"{path} contains no numbers")
        return np.loadtxt(StringIO(text), delimiter=delimiter, ndmin=2, dtype=np.float64)
    except ValueError as error:
        raise ArrayError(f"{path} is not a table of numbers: {str(error)[:200]}") from None
