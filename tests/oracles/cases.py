"""Seeded random cases: one layer and its inputs, as plain JSON-able dicts.

A case is {"convention", "layer", "inputs": [shape, …], "fields": {…}}, with cnncalc's canonical names and shapes
without the batch axis, in the convention's own layout. What a framework cannot say (a number as Keras padding) is not
drawn for it; what it can say wrongly is, so that a good share is refused. Case N of a seed never depends on the others.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.oracles import drawing, families

Case = dict[str, Any]
Verdict = dict[str, Any]

CONVENTIONS = ("pytorch", "keras", "onnx", "tensorflow")

WEIGHTS = {
    "pytorch": {
        "conv": 20, "depthwise_conv": 8, "conv_transpose": 22, "max_pool": 18, "avg_pool": 18, "global_avg_pool": 1,
        "global_max_pool": 1, "dense": 2, "batch_norm": 2, "zero_pad": 3, "concat": 4, "add": 3,
        "multiply": 1, "maximum": 1, "subtract": 1, "flatten": 1, "reshape": 2, "dropout": 1,
    },
    "keras": {
        "conv": 24, "depthwise_conv": 10, "conv_transpose": 22, "max_pool": 12, "avg_pool": 12, "global_avg_pool": 2,
        "global_max_pool": 2, "dense": 3, "batch_norm": 2, "zero_pad": 3, "concat": 4, "add": 4,
        "multiply": 1, "average": 1, "maximum": 1, "subtract": 1, "flatten": 1, "reshape": 2,
        "dropout": 1,
    },
    "onnx": {
        "conv": 24, "depthwise_conv": 4, "conv_transpose": 24, "max_pool": 18, "avg_pool": 18, "global_avg_pool": 1,
        "global_max_pool": 1, "dense": 2, "batch_norm": 2, "zero_pad": 2, "concat": 4, "add": 3,
        "multiply": 1, "average": 1, "maximum": 1, "subtract": 1, "flatten": 1, "reshape": 2,
    },
    "tensorflow": {"conv": 40, "depthwise_conv": 10, "conv_transpose": 10, "max_pool": 20, "avg_pool": 20},
}  # fmt: skip
"""How often each layer type is drawn for a convention; the modules in `families` add theirs."""


def draw(convention: str, count: int, *, seed: int = 1) -> list[Case]:
    """`count` cases for a convention; the same for the same seed."""
    return [case(convention, seed, number) for number in range(count)]


def case(convention: str, seed: int, number: int) -> Case:
    """Case `number` of a seed."""
    random = Random(f"{convention}/{seed}/{number}")
    weights = WEIGHTS[convention] | families.frequency(convention)
    layer = random.choices(list(weights), list(weights.values()))[0]
    inputs, fields = (drawing.DRAW.get(layer) or families.table("DRAW")[layer])(random, convention)
    return {"convention": convention, "layer": layer, "inputs": inputs, "fields": fields}


def spec(case: Case) -> dict[str, Any]:
    """The case as a mapping of the YAML file's form."""
    if len(case["inputs"]) == 1:
        layer, given = {case["layer"]: dict(case["fields"])}, case["inputs"][0]
    else:
        given = {f"x{index}": shape for index, shape in enumerate(case["inputs"])}
        layer = {case["layer"]: {**case["fields"], "from": list(given)}}
    return {"convention": case["convention"], "input": given, "layers": [layer]}


def one_line(case: Case) -> str:
    """The case as one line of YAML, to be pasted into a file."""
    return json.dumps(spec(case), ensure_ascii=False)


def key(case: Case) -> str:
    """What equal cases have in common."""
    return json.dumps(case, sort_keys=True)


def spatial_rank(case: Case) -> int:
    """The number of spatial axes of the first input."""
    return len(case["inputs"][0]) - 1


def channels(case: Case) -> int:
    """The number of channels of the first input."""
    shape = case["inputs"][0]
    return int(shape[0] if case["convention"] in ("pytorch", "onnx") else shape[-1])


def per_axis(value: Any, rank: int) -> list[Any]:
    """A field's value as a list with one entry for each axis."""
    return list(value) if isinstance(value, list) else [value] * rank


def accepted(shape: Any, params: int) -> Verdict:
    """The verdict on a case that runs; `shape` without the batch axis."""
    return {"shape": [int(size) for size in shape], "params": int(params), "reason": ""}


MAY_BE_EMPTY = ("slice",)
"""Layers whose output may have no elements, as in the frameworks."""


def verdict_on(answer: families.Answer, layer: str) -> Verdict:
    """The verdict on a framework's answer: an empty output counts as refused, but of a few layers."""
    if 0 in answer.output.shape and layer not in MAY_BE_EMPTY:
        return refused("an empty output")
    return accepted(answer.output.shape[1:], answer.params)


def refused(reason: object) -> Verdict:
    """The verdict on a case that does not run, with the first line of why."""
    text = str(reason).strip() or type(reason).__name__
    return {"shape": None, "params": None, "reason": text.splitlines()[0][:120]}
