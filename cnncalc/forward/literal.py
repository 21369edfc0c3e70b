"""Arrays that a user writes: nested lists, or a file of numbers."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAX_CHARACTERS = 10 * 1024 * 1024
MAX_DEPTH = 32


class ArrayError(Exception):
    """A text or file that holds no array of numbers; the message says why."""


def read_arrays(text: str) -> Array | dict[str, Array]:
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


def read_array(text: str, what: str) -> Array:
    """The array in `text`; ArrayError for a mapping as well, which `what` has no use for."""
    found = read_arrays(text)
    if isinstance(found, dict):
        raise ArrayError(f"{what} is one array such as [[1, 0], [4, 6]], not a mapping of names to arrays")
    return found


def _parse(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        raise ArrayError(f"the data has {len(text):,} characters; put more than {MAX_CHARACTERS:,} into a .npy file")
    if _depth(text) > MAX_DEPTH:
        raise ArrayError(f"lists nested deeper than {MAX_DEPTH}: an array has at most that many axes")
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
    """The array as JSON writes it: blanks are commas, a semicolon ends a row, `.1` and `1.` are numbers."""
    text = text.strip()
    if ";" in text and text.startswith("[") and text.endswith("]") and text.count("[") == 1:
        text = f"[[{text[1:-1].replace(';', '],[')}]]"
    text = re.sub(r"\s*([,\[\]])\s*", r"\1", text).replace("][", "],[")
    text = re.sub(r"(?<=[0-9.])\s+(?=[-+.0-9])", ",", text)
    text = re.sub(r"(?<![0-9])\.(?=[0-9])", "0.", text)
    return re.sub(r"(?<=[0-9])\.(?![0-9])|\+(?=[0-9])", "", text)


def _depth(text: str) -> int:
    deepest = depth = 0
    for char in text:
        depth += (char == "[") - (char == "]")
        deepest = max(deepest, depth)
    return deepest


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _as_array(value: Any) -> Array:
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
        raise ArrayError(f"{json.dumps(value)[:60]} is not a number")


def _from_npy(path: str) -> Array:
    try:
        array = np.load(path, allow_pickle=False)
    except ValueError as error:
        raise ArrayError(f"{path} is not a NumPy file of plain numbers: {error}") from None
    if array.dtype.kind not in "iufb" or not array.size:
        raise ArrayError(f"{path} holds {array.dtype}, not numbers")
    return np.asarray(array, dtype=np.float64)


def _from_csv(path: str) -> Array:
    delimiter = "\t" if path.lower().endswith(".tsv") else ","
    try:
        return np.loadtxt(path, delimiter=delimiter, ndmin=2, dtype=np.float64)
    except ValueError as error:
        raise ArrayError(f"{path} is not a table of numbers: {error}") from None
