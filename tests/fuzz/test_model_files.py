"""Model files with something wrong end in a mistake that is located, or are read; never in a traceback, nor late."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from tests.fuzz.model_files import cut_short, mistaken_json, mistaken_texts
from tests.fuzz.readers import try_one


@pytest.mark.parametrize("most", [25, pytest.param(5_000, marks=pytest.mark.sweep)])
@pytest.mark.parametrize("make", [mistaken_json, mistaken_texts, cut_short])
def test_damaged_model_files(make: Callable[[], Iterator[bytes]], most: int) -> None:
    """Some of the files in every run, always the same; all of them in the sweep."""
    files = list(make())
    chosen = random.Random(1).sample(files, min(most, len(files)))
    assert len(chosen) >= min(most, 25)
    for data in chosen:
        try_one("model", data)
