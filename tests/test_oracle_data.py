"""What PyTorch, Keras, ONNX Runtime and TensorFlow said about random layers, on file: cnncalc must say the same."""

from __future__ import annotations

import json

import pytest

from tests.oracles.cases import CONVENTIONS, Case, Verdict, key
from tests.oracles.comparing import difference, ours
from tests.oracles.deviations import Deviation, deviation, known
from tests.oracles.record import DATA, recorded
from tests.sweeps import sampled
from tests.together import for_each

FINDINGS = {convention: recorded(convention) for convention in CONVENTIONS}


@pytest.mark.parametrize("every", sampled([8, 1]))
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_recorded_verdict_is_reproduced(convention: str, every: int) -> None:
    """Shape, parameters, and whether a layer is accepted at all, are the framework's own."""
    differences = [text for case, verdict in FINDINGS[convention][::every] if (text := difference(case, verdict))]
    assert not differences, "\n".join(differences[:20])


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_record_is_representative(convention: str) -> None:
    """At least 700 different cases, a good share of them refused, in a file of less than 600 kB."""
    findings = FINDINGS[convention]
    refused = sum(verdict["shape"] is None for _, verdict in findings)
    assert len({key(case) for case, _ in findings}) == len(findings) >= 700
    assert 0.15 < refused / len(findings) < 0.45
    assert (DATA / f"oracle_{convention}.jsonl").stat().st_size < 600_000


@for_each("one", known(), ids=lambda one: f"{one.convention}: {one.name}")
def test_every_deviation_is_on_record(one: Deviation) -> None:
    """Each known deviation is met by a recorded case, on which the two sides do differ where one should refuse."""
    met = [(case, verdict) for case, verdict in FINDINGS[one.convention] if deviation(case) is one]
    assert met
    assert one.refuses == "nobody" or any(_differ(case, verdict) for case, verdict in met)


def _differ(case: Case, verdict: Verdict) -> bool:
    return bool(ours(case)["shape"] != verdict["shape"])


def test_the_file_holds_one_finding_per_line() -> None:
    """A finding is one JSON object with the case's layer, inputs and fields, and the verdict."""
    line = (DATA / "oracle_pytorch.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert list(json.loads(line)) == ["layer", "inputs", "fields", "shape", "params", "reason"]
