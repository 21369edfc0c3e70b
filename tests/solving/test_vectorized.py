"""Rules on arrays of candidates give what they give on each candidate alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.arithmetic import transposed, window
from cnncalc.diagnostics import Refusal
from cnncalc.solving.vectorized import Many, evaluate

small = st.integers(1, 12)
candidates = st.lists(st.tuples(st.integers(1, 40), small, small, st.integers(0, 9), st.integers(0, 9)), min_size=1)

RULES = {
    **{
        rounding: lambda W, F, S, before, after, rounding=rounding: window.explicit(W, F, S, before, after, rounding)[
            :5
        ]
        for rounding in window.ROUNDINGS
    },
    "same": lambda W, F, S, before, after: window.same(W, F, S)[:5],
    "same_lower": lambda W, F, S, before, after: window.same(W, F, S, lower=True)[:5],
    "valid": lambda W, F, S, before, after: window.tensorflow_valid(W, F, S)[:5],
    "transposed": lambda W, F, S, before, after: (transposed.explicit(W, F, S, before, after, after),),
    "modular": lambda W, F, S, before, after: (transposed.modular(W, F, S, before),),
    "auto_pad": lambda W, F, S, before, after: (transposed.auto_pad(W, F, S, after),),
    "transposed_valid": lambda W, F, S, before, after: (transposed.tensorflow_valid(W, F, S),),
}


def alone(rule, numbers):
    """The rule's figures on plain ints; None where it refuses."""
    try:
        return tuple(rule(*numbers))
    except Refusal:
        return None


@pytest.mark.parametrize("name", RULES)
@given(rows=candidates)
def test_together_as_alone(name, rows):
    """Every size rule of the project, on arrays and one by one."""
    rule = RULES[name]
    expected = [alone(rule, row) for row in rows]
    count = len(next((row for row in expected if row), (0,) * 5))
    found = evaluate(rule, list(np.array(rows).T), count, len(rows))
    assert found.taken.tolist() == [figures is not None for figures in expected]
    assert found.figures.T[found.taken].tolist() == [list(figures) for figures in expected if figures is not None]
    assert sum(found.refusals.values()) == expected.count(None)


def test_a_number_is_never_taken_for_all():
    """`int` of candidates that differ divides them, so that each is computed with its own number."""
    found = evaluate(lambda n: (int(n) * 10,), [np.array([3, 1, 3, 2])], 1, 4)
    assert found.figures.tolist() == [[30, 10, 30, 20]]


def test_many_has_no_hash():
    """It cannot be a key, under which different candidates would share what is found."""
    with pytest.raises(TypeError):
        hash(Many(np.array([1, 2])))


def test_many_is_written_as_its_first_number():
    """The number of the first candidate, with the format asked for."""
    assert (f"{Many(np.array([3, 5])):03d}", str(Many(np.array([3, 5])))) == ("003", "3")


def test_words_are_no_numbers():
    """Comparing with a padding word is false, not an array."""
    assert (Many(np.array([0, 1])) == "same") is False
    assert (Many(np.array([0, 1])) != "same") is True


def test_nothing_to_evaluate():
    """No candidates, no figures; a rule without columns is run once."""
    assert evaluate(lambda n: (n,), [np.array([], int)], 1, 0).figures.shape == (1, 0)
    assert evaluate(lambda: (7,), [], 1, 1).figures.tolist() == [[7]]
