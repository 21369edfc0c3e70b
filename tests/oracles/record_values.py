"""Records what the frameworks compute, so that every run can check values: `python -m tests.oracles.record_values`.

With names of layer types only their lines are written anew; all of them take some ten minutes.
Writes tests/data/forward_values.jsonl: one case a line and the numbers that the framework gives for it, to six digits.
Inputs and weights are not on file, because `Formula` makes the same again. Of the drawn cases those are kept that show
something new of their layer, small ones of distinct prime sizes first; to them come the chosen ones.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tests.oracles.cases import CONVENTIONS, Case, case, key
from tests.oracles.comparing import ours
from tests.oracles.deviations import deviation
from tests.oracles.families import listed, table
from tests.oracles.formula import Formula
from tests.oracles.frameworks import missing, module
from tests.oracles.values import LOWEST, Computed, compute, mismatch

FILE = Path(__file__).parent.parent / "data" / "forward_values.jsonl"
DRAWN = 12_000
SEED = 11
MOST_NUMBERS = 60
"""How many numbers an output may have, for both samples of the batch."""
MOST_CASES, FEW_CASES = 24, 4
"""How many cases of a layer are drawn at most; and how many where few have distinct primes."""
PRIMES = (2, 3, 5, 7, 11, 13)


def computed(case: Case) -> Computed:
    """Our forward pass on the inputs and weights of the record."""
    return compute(case, lambda name: Formula(f"{name} of {key(case)}"))


def shown(case: Case) -> set[str]:
    """What a case shows of its layer: the framework, the number of axes, each field and the kind of its value."""
    axes = [len(shape) for shape in case["inputs"]]
    fields = (f"{name}: {kind(value)}" for name, value in case["fields"].items())
    return {f"under {case['convention']}", f"{axes} axes", *fields}


def kind(value: Any) -> str:
    """A word or truth value as it is, a list as a list of its values' kinds; of numbers their sign, and whether 1."""
    if isinstance(value, list):
        return f"list of {sorted({kind(part) for part in value})}"
    if isinstance(value, dict):
        return " ".join(f"{name} {kind(part)}" for name, part in sorted(value.items()))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return "1" if value == 1 else "more" if value > 0 else "none" if value == 0 else "less"


def sizes_clash(case: Case) -> int:
    """How many axes have a size that is no prime, or that another axis of the first input has too."""
    shape = case["inputs"][0]
    return len(shape) - len(set(shape) & set(PRIMES))


def kept(layers: list[str]) -> Iterator[Case]:
    """The cases of these layers, or of all: those chosen, and those drawn that show what none before them does."""
    drawn = [case(convention, SEED, number) for convention in CONVENTIONS for number in range(DRAWN)]
    seen: dict[str, set[str]] = {}
    count: Counter[str] = Counter()
    for made in (*listed("CHOSEN"), *sorted(drawn, key=sizes_clash)):
        layer, shows = made["layer"], shown(made)
        before = seen.setdefault(layer, set())
        if layers and layer not in layers:
            continue
        full = count[layer] >= (MOST_CASES if sizes_clash(made) < 2 else FEW_CASES)
        if made in listed("CHOSEN") or not (full or shows <= before or not is_small(made)):
            before |= shows
            count[layer] += 1
            yield made


def is_small(case: Case) -> bool:
    """Whether cnncalc accepts a case, without a deviation, and its output is small."""
    shape = ours(case)["shape"] if deviation(case) is None else None
    return bool(shape) and 2 <= 2 * np.prod(shape) <= MOST_NUMBERS


def theirs(case: Case, given: Computed) -> np.ndarray:
    """What the framework, or the paper's formula, gives for a case."""
    if case["convention"] == "formula":
        output: np.ndarray = table("REFERENCE")[case["layer"]](case, given.inputs, given.weights)
        return output
    return module(case["convention"]).output(case, given.inputs, given.weights)


def line(case: Case, output: np.ndarray) -> str:
    """A case and its numbers as a line of the file, the output's axes after the batch in one."""
    values = [float(f"{value:.6g}") for value in output.ravel().tolist()]
    words = {name: case[name] for name in ("layer", "convention", "inputs", "fields")}
    return json.dumps({**words, "shape": list(output.shape), "values": values}, ensure_ascii=False)


def recorded() -> list[tuple[Case, np.ndarray]]:
    """The cases on file, each with its output."""
    found = []
    for text in FILE.read_text(encoding="utf-8").splitlines():
        entry = json.loads(text)
        output = np.array(entry.pop("values"), np.float64).reshape(entry.pop("shape"))
        found.append((entry, output))
    return found


def main(layers: list[str]) -> None:
    """Write the lines of these layer types anew, or all of them."""
    lacking = [package for convention in CONVENTIONS for package in missing(convention)]
    if lacking:
        raise SystemExit(f"not installed: {', '.join(lacking)}")
    for convention in CONVENTIONS:  # in this order: with TensorFlow imported first, Keras does not trace its layers
        module(convention)
    lines = [line(made, output) for made, output in recorded() if layers and made["layer"] not in layers]
    for made in kept(layers):
        given = computed(made)
        output = theirs(made, given)
        if output[output < LOWEST].size:
            continue  # the maximum of padding alone, which ONNX Runtime writes as its lowest number
        if difference := mismatch(given.output, output.astype(np.float32)):
            print(f"cnncalc differs: {key(made)}: {difference}")
        lines.append(line(made, output))
    FILE.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    print(f"{len(lines)} cases")


if __name__ == "__main__":
    main(sys.argv[1:])
