"""Memory of small schedules, counted by hand; and the best order against all orders."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.analysis.device import least_order as searching
from cnncalc.analysis.device.least_order import least_order
from cnncalc.analysis.device.schedule import BufferedTensor, Operation, Schedule


def schedule(
    sizes: tuple[int, ...], *steps: tuple[tuple[int, ...], tuple[int, ...]], outputs: tuple[int, ...] = ()
) -> Schedule:
    """Steps by the tensors that they read and may overwrite; tensor 0 is the input, and step i writes tensor i + 1."""
    tensors = tuple(BufferedTensor(f"t{index}", size) for index, size in enumerate(sizes))
    made = tuple(Operation(f"s{index}", reads, index + 1, over) for index, (reads, over) in enumerate(steps))
    return Schedule(tensors, made, (0,), outputs or (len(sizes) - 1,))


CHAIN = schedule((7, 5, 5, 2), ((0,), ()), ((1,), (1,)), ((2,), ()))
RESIDUAL = schedule((4, 4, 4, 4), ((0,), ()), ((1,), (1,)), ((0, 2), (2,)))  # x + f(x)
TWO_USERS = schedule((4, 4, 4, 4), ((0,), ()), ((1,), (1,)), ((1, 2), (1, 2)))  # the second step must keep tensor 1
AUXILIARY = schedule((1, 9, 2, 3), ((0,), ()), ((1,), ()), ((2,), ()), outputs=(1, 3))
UNUSED = schedule((1, 9, 2), ((0,), ()), ((0,), ()))


@pytest.mark.parametrize(
    ("plan", "separate", "in_place"),
    [
        (CHAIN, [7, 12, 10, 7], [7, 12, 5, 7]),
        (RESIDUAL, [4, 8, 12, 12], [4, 8, 8, 8]),
        (TWO_USERS, [4, 8, 8, 12], [4, 8, 8, 8]),
        (AUXILIARY, [1, 10, 11, 14], [1, 10, 11, 14]),  # an output stays until the end
        (UNUSED, [1, 10, 3], [1, 10, 3]),  # a tensor without a reader is freed at once
    ],
)
def test_bytes_in_use(plan: Schedule, separate: list[int], in_place: list[int]) -> None:
    """Before the first step, and while each step runs."""
    assert list(plan.occupied(in_place=False)) == separate
    assert list(plan.occupied(in_place=True)) == in_place


def test_the_branch_that_shrinks_comes_first() -> None:
    """One branch ends in 1 byte, the other in 10, which must not wait beside the 50 of the first."""
    wide = schedule((2, 10, 50, 1, 3), ((0,), ()), ((0,), ()), ((2,), ()), ((1, 3), ()))
    assert list(wide.occupied(in_place=False)) == [2, 12, 62, 61, 14]
    best = least_order(wide, in_place=False)
    assert best == ((1, 2, 0, 3), 53, True)  # 2 + 50 + 1: the input waits for the other branch


def test_the_listed_order_stays_where_none_is_better() -> None:
    assert least_order(CHAIN) == ((0, 1, 2), 12, True)
    assert least_order(Schedule((BufferedTensor("x", 3),), (), (0,), (0,))) == ((), 3, True)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Up to six steps, each reading one to three earlier tensors, with or without the right to overwrite them."""
    count = draw(st.integers(2, 6))
    sizes = tuple(draw(st.lists(st.integers(0, 20), min_size=count + 1, max_size=count + 1)))
    steps = []
    for index in range(count):
        reads = tuple(draw(st.sets(st.integers(0, index), min_size=1, max_size=3)))
        over = tuple(tensor for tensor in reads if tensor and sizes[tensor] == sizes[index + 1] and draw(st.booleans()))
        steps.append((reads, over))
    outputs = tuple({count, *draw(st.sets(st.integers(1, count), max_size=1))})
    return schedule(sizes, *steps, outputs=outputs)


def possible(plan: Schedule) -> list[tuple[int, ...]]:
    """All orders in which each step follows those that write what it reads."""
    return [
        order
        for order in permutations(range(len(plan.steps)))
        if all(order.index(read - 1) < order.index(step) for step in order for read in plan.steps[step].reads if read)
    ]


@given(schedules(), st.booleans())
def test_the_order_is_the_best_of_all(plan: Schedule, in_place: bool) -> None:
    """Where no state was dropped, no order of all the possible ones needs less; and the order found is possible."""
    found = least_order(plan, in_place=in_place)
    assert found.exact
    assert found.steps in possible(plan)
    assert found.peak == plan.in_order(found.steps).peak(in_place=in_place)
    assert found.peak == min(plan.in_order(order).peak(in_place=in_place) for order in possible(plan))


def test_a_search_that_drops_states_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve parallel branches have 4,096 sets; the order found is still possible and no worse than the listed one."""
    monkeypatch.setattr(searching, "_MOST_WORK", 100)
    steps = [((0,), ()) for _ in range(12)]
    plan = schedule((1, *range(1, 13), 1), *steps, (tuple(range(1, 13)), ()))
    found = least_order(plan)
    assert not found.exact
    assert sorted(found.steps) == list(range(13))
    assert found.peak <= plan.peak(in_place=True)


def test_an_order_that_is_as_good_leaves_the_listed_one() -> None:
    """Another order needs 12 bytes as well. The default is to write in place, as the sum of the residual can."""
    plan = schedule(
        (3, 1, 3, 5, 2, 2), ((0,), ()), ((0, 1), ()), ((0, 1, 2), ()), ((1, 2), ()), ((1, 2), ()), outputs=(2, 5)
    )
    assert least_order(plan) == ((0, 1, 2, 3, 4), 12, True)
    assert least_order(RESIDUAL) == ((0, 1, 2), 8, True)


@pytest.mark.parametrize(
    ("plan", "in_place", "steps", "peak"),
    [
        # a step that writes over its input leaves room for another branch
        (schedule((5, 3, 1, 1, 2, 3), ((0,), ()), ((1,), ()), ((0,), ()), ((1,), ()), ((1, 2), (1,)), outputs=(4, 5)),
         True, (2, 0, 1, 3, 4), 8),
        # no part ends at a step that could run in a later one
        (schedule((5, 1, 1, 5, 5, 5, 5, 1), ((0,), ()), ((0,), ()), ((1,), ()), ((2,), ()), ((1,), ()), ((3,), (3,)),
                  ((6,), ())), True, (0, 1, 3, 2, 5, 6, 4), 7),
        (schedule((1, 2, 1, 5, 1, 5, 5, 1), ((0,), ()), ((0, 1), ()), ((2,), ()), ((2,), (2,)), ((1, 2, 3), ()),
                  ((1, 4, 5), (5,)), ((3, 4), ()), outputs=(1, 7)), True, (0, 1, 2, 4, 3, 5, 6), 13),
        (schedule((2, 1, 5, 2, 3, 1), ((0,), ()), ((0,), ()), ((0, 1), ()), ((3,), ()), ((0, 3), ())),
         False, (1, 0, 2, 4, 3), 7),
        (schedule((5, 5, 5, 3, 5, 1), ((0,), ()), ((0,), ()), ((0,), ()), ((0, 3), ()), ((0, 2), ())),
         False, (2, 3, 1, 4, 0), 13),
        (schedule((3, 1, 2, 3, 2), ((0,), ()), ((0, 1), ()), ((0, 1), ()), ((2,), (2,)), outputs=(2, 4)),
         False, (0, 2, 1, 3), 7),
    ],
)  # fmt: skip
def test_better_orders(plan: Schedule, in_place: bool, steps: tuple[int, ...], peak: int) -> None:
    """The smallest peak of all orders, and the first order that has it."""
    assert least_order(plan, in_place=in_place) == (steps, peak, True)
    assert min(plan.in_order(order).peak(in_place=in_place) for order in possible(plan)) == peak


def test_the_last_step_that_uses_a_tensor() -> None:
    """None for an input that is never read; the number of steps for an output."""
    tensors = tuple(BufferedTensor(name, 4) for name in "xyzab")
    plan = Schedule(tensors, (Operation("s", (0,), 3), Operation("t", (0, 3), 4)), (0, 1, 2), (2, 4))
    assert plan.last_uses() == [1, -1, 2, 1, 2]
