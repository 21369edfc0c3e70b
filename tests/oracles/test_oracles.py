"""Random layers against the frameworks themselves, where they are installed."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.oracles.cases import CONVENTIONS, Case, case, one_line
from tests.oracles.comparing import difference, ours
from tests.oracles.deviations import deviation
from tests.oracles.frameworks import missing, module
from tests.oracles.values import compute, mismatch

COUNT = int(os.environ.get("CNNCALC_ORACLE_CASES", "200"))
SEED = int(os.environ.get("CNNCALC_ORACLE_SEED", "1"))


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_random_layers_agree_with_the_framework(convention: str) -> None:
    """Output shape, parameters and the decision to accept are the framework's, or a listed deviation."""
    if missing(convention):
        pytest.skip(f"{', '.join(missing(convention))} not installed: the recorded verdicts are checked all the same")
    ask = module(convention).verdict
    drawn = [case(convention, SEED, number) for number in range(COUNT)]
    differences = [text for made in drawn if (text := difference(made, ask(made)))]
    assert not differences, f"{len(differences)} of {COUNT} differ:\n" + "\n".join(differences[:20])


@pytest.mark.skipif(bool(missing("keras")), reason="keras or jax not installed")
def test_keras_runs_as_it_says() -> None:
    """A sample of real calls gives the shapes that Keras's rule and the traced call give."""
    from tests.oracles.keras_oracle import verdict

    for number in range(COUNT // 20):
        made = case("keras", SEED, number)
        real, traced = verdict(made, really=True), verdict(made)
        assert (real["shape"], real["params"]) == (traced["shape"], traced["params"]), one_line(made)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_forward_pass_gives_the_framework_s_values(convention: str) -> None:
    """With the same random weights, every kernel's output is the framework's to 1e-4 of its largest value."""
    if missing(convention):
        pytest.skip(f"{', '.join(missing(convention))} not installed")
    compute_theirs = module(convention).output
    differences = []
    for made in runnable(convention, COUNT if convention != "keras" else COUNT // 4):
        mine = compute(made)
        differing = mismatch(mine.output, compute_theirs(made, mine.inputs, mine.weights))
        differences += [f"{one_line(made)}: {differing}"] if differing else []
    assert not differences, "\n".join(differences[:20])


def runnable(convention: str, count: int) -> Iterator[Case]:
    """Those of the random cases that cnncalc accepts and that belong to no deviation."""
    drawn = (case(convention, SEED, number) for number in range(count))
    return (made for made in drawn if deviation(made) is None and ours(made)["shape"])
