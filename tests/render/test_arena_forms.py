"""The plan for a microcontroller in every format; the numbers are by hand."""

from __future__ import annotations

import json

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.analysis.device.memory_plan import DevicePlan, device_plan, inference_peaks
from cnncalc.render.arena import csv, markdown, table
from cnncalc.render.arena import json as json_form

SPEC = "8x8x2 -> conv 4 3x3 p1 relu -> max_pool 2 -> dense 10"
"""Tensors of 128, 256, 64 and 10 bytes; 72 + 4·4 + 4·4 bytes in the convolution, 640 + 40 + 40 in the dense layer."""


@pytest.fixture
def plan() -> DevicePlan:
    return device_plan(load(SPEC, convention="formula"))


def test_text(plan: DevicePlan) -> None:
    """384 bytes: the convolution's output at 0, and the input after it; a cell of the map is 16 bytes."""
    lines = table.render(plan, limit=100).splitlines()
    assert lines == [
        "the model: int8 on a microcontroller, one sample",
        "",
        "arena (RAM)  384  384 B  4 tensors, 3 operations",
        "flash        824  824 B  712 weights + 56 biases + 56 scales",
        "",
        "tensor      bytes  offset  operations  arena",
        "─" * 63,
        "conv_1        256       0         1–2  ████████████████░░░░░░░░",
        "input         128     256           1  ░░░░░░░░░░░░░░░░████████",
        "max_pool_1     64     256         2–3  ░░░░░░░░░░░░░░░░████░░░░",
        "dense_1        10       0           3  █░░░░░░░░░░░░░░░░░░░░░░░",
        "",
        *lines[-2:],
    ]
    assert lines[-2].startswith("Not counted: ")


def test_the_map_is_left_out_where_there_is_no_room(plan: DevicePlan) -> None:
    lines = table.render(plan, limit=50).splitlines()
    assert max(map(len, lines)) <= 50
    assert not any("█" in line for line in lines)


def test_json(plan: DevicePlan) -> None:
    found = json.loads(json_form.render(plan))
    assert (found["arena"], found["flash"], found["weights"], found["biases"], found["scales"]) == (
        384,
        824,
        712,
        56,
        56,
    )
    assert found["operations"] == ["conv_1", "max_pool_1", "dense_1"]
    assert found["tensors"][1] == {"name": "input", "bytes": 128, "offset": 256, "first": 0, "last": 0}


def test_csv(plan: DevicePlan) -> None:
    assert csv.render(plan).splitlines() == [
        "name,bytes,offset,first,last", "conv_1,256,0,0,1", "input,128,256,0,0", "max_pool_1,64,256,1,2",
        "dense_1,10,0,2,2",
    ]  # fmt: skip


def test_inference_peaks() -> None:
    """Four bytes per number and two samples: the input and the convolution's output, which ReLU does not need twice."""
    found = inference_peaks(load("8x8x2 -> conv 4 3x3 p1 -> relu"), batch=2)
    assert found == ("", 2, "float32", 4096, 3072, 3072, True, ())


def test_markdown(plan: DevicePlan) -> None:
    lines = markdown.render(plan).splitlines()
    assert lines[0] == "**the model**: int8 on a microcontroller, one sample"
    assert lines[2:4] == ["- arena (RAM): 384 bytes", "- flash: 824 bytes, 712 weights + 56 biases + 56 scales"]
    assert lines[7] == "| conv_1     |   256 |      0 |        1–2 |"
