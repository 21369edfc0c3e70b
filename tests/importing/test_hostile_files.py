"""Model files that are large in one way end in a message that names the limit, before any work on their parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.together import for_each

DATA = 'input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
CONV = 'layer {{ name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param {{ num_output: {} }} }}'
ROWS = "nc: 2\nbackbone:\n{}head: []\n"
CFG = "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters={}\nsize=1\n"


def keras(*layers: str) -> str:
    return f'{{"class_name": "Sequential", "config": {{"name": "s", "layers": [{", ".join(layers)}]}}}}'


CASES = {
    "a text": ("a.prototxt", DATA + f'layer {{ name: "{"a" * 10_001}" type: "ReLU" }}', "a text of 10,003 characters"),
    "bottoms": (
        "b.prototxt",
        f'{DATA}layer {{ name: "c" {"bottom: 1 " * 20_001} }}',
        "layer has more than 20,000 fields",
    ),
    "digits of Caffe": ("c.prototxt", DATA + CONV.format("9" * 5_000), "num_output: a number of 5,000 digits"),
    "digits of darknet": ("d.cfg", CFG.format("9" * 5_000), "filters: got a number of 5,000 digits"),
    "digits of JSON": ("e.json", keras('{"a": ' + "9" * 5_000 + "}"), "has a number of more than 4,300 digits"),
    "layers of Keras": (
        "f.json",
        keras(*['{"class_name": "ReLU"}'] * 25_001),
        "too many layers: 25,001; the limit is 25,000",
    ),
    "levels of a notebook": (
        "h.ipynb",
        '{"cells": ' + "[" * 5_000 + "]" * 5_000 + "}",
        "the JSON of the notebook is nested 5,001 levels deep",
    ),
    "layers of Caffe": ("i.prototxt", DATA + "layer { " * 25_001, "too many layers: 25,001; the limit is 25,000"),
    "rows of YOLO": ("g.yaml", ROWS.format("  - [-1, 1, SPP, []]\n" * 25_001), "too many layers: 25,001"),
}
"""The name of a file, its text, and a part of the message."""


@for_each("case", CASES)
def test_the_limit_is_named(case: tuple[str, str, str], tmp_path: Path) -> None:
    """The message has the number, and no digits by the thousand."""
    name, text, message = case
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=re.escape(message)) as caught:
        cnncalc.analyze(file)
    assert len(caught.value.diagnostics[0].message) < 200
