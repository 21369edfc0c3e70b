"""Model files with something wrong end in a mistake that is located, or are read; never in a traceback, nor late."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.model_files import cut_short, mistaken_json, mistaken_texts, small_files, unzipped, zipped
from tests.fuzz.readers import try_one


@pytest.mark.parametrize("most", [10, pytest.param(5_000, marks=pytest.mark.sweep)])
@pytest.mark.parametrize("make", [mistaken_json, mistaken_texts, cut_short])
def test_damaged_model_files(make: Callable[[], Iterator[bytes]], most: int) -> None:
    """Some of the files in every run, always the same; all of them in the sweep."""
    files = list(make())
    chosen = random.Random(1).sample(files, min(most, len(files)))
    assert len(chosen) >= min(most, 10)
    for data in chosen:
        try_one("model", data)


FILES = small_files()
PLACE = st.floats(0, 1, exclude_max=True)
CHANGE = st.tuples(PLACE, st.integers(0, 40), st.one_of(st.binary(max_size=6), st.sampled_from(
    [b"\0" * 9, b"\xff" * 9, b"9" * 30, b"[" * 300, b"{" * 300, b"(" * 300, b'"', b"\x80\x80\x80\x80\x10", b"-1"]
)))  # fmt: skip
"""A place as a fraction of the length, the number of bytes that are taken out, and those that come in."""


def corrupted(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, new in changes:
        start = int(place * len(data))
        data = data[:start] + new + data[start + length :]
    return data


@given(st.sampled_from(sorted(FILES)), st.lists(CHANGE, min_size=1, max_size=4), PLACE, st.booleans())
def test_corrupted_model_files(
    name: str, changes: list[tuple[float, int, bytes]], end: float, is_cut: bool
) -> None:  # fmt: skip
    """Bytes are changed anywhere in a small file, or in the text inside of an archive, or its end is cut off."""
    data = FILES[name]
    if is_cut:
        data = data[: int(end * len(data))]
    elif data.startswith(b"PK"):
        entries = unzipped(data)
        entry = sorted(entries)[int(end * len(entries))]
        data = zipped({**entries, entry: corrupted(entries[entry], changes)})
    else:
        data = corrupted(data, changes)
    try_one("model", data, name=name)
