"""The forward pass's numbers, as PyTorch, Keras, ONNX Runtime and TensorFlow gave them; papers where none has a layer.

tests/data/forward_values.jsonl has them, so that each run compares values without a framework. `convention` is the
framework; under "formula" the number comes from the paper that tests/oracles/families/chosen.py names.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from cnncalc.layers.registry import load_all
from tests.oracles.record_values import FILE, computed, recorded
from tests.oracles.values import mismatch
from tests.together import for_each

RECORD = defaultdict(list)
for case, output in recorded():
    RECORD[case["layer"]].append((case, output.astype(np.float32)))


@for_each("layer", list(RECORD), every=3)
def test_the_values_are_the_framework_s(layer: str) -> None:
    """Every number is the framework's to 1e-4 of the largest, on the inputs and weights that the framework had."""
    found = ((case, mismatch(computed(case).output, output)) for case, output in RECORD[layer])
    assert [(case, difference) for case, difference in found if difference] == []


def test_every_layer_type_is_on_record() -> None:
    """Each type that has a forward pass of its own; where the spec's word is all there is, there are no values."""
    assert {name for name, layer in load_all().items() if layer.witnessed} == set(RECORD)


def test_the_record_is_small() -> None:
    assert FILE.stat().st_size < 600_000


# Hand arithmetic: what the record's generator gives does not depend on NumPy's version.
FORMULA = [
    ("random", ((3,),), []),
]
