"""Which sizes of a model work, tile exactly, or have a wanted figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc import Limits, SpecError, solve_sizes
from cnncalc.graph.read_claims import COUNTS, OF_MODEL, SHAPES
from cnncalc.solving.wanted import FIGURES
from tests.together import for_each


def values(trials):
    return [trial.values[0] for trial in trials]


def unet_output(n):
    """The U-Net by hand: two 3x3 take 4, a pool halves what must be even, a step up doubles. None where it fails."""
    for _ in range(4):
        n -= 4
        if n < 2 or n % 2:
            return None
        n //= 2
    for _ in range(4):
        n = 2 * (n - 4)
        if n < 5:
            return None
    return n - 4


@pytest.mark.parametrize("last", [260, pytest.param(600, marks=pytest.mark.sweep)])
def test_the_unets_sizes(last):
    """Figure 1 of the paper has 572 to 388; four times (n − 4)/2 must be whole, which every 16th size is."""
    found = solve_sizes("unet", {"input": f"180..{last}"})
    assert values(found.solutions) == list(range(188, last + 1, 16))
    by_hand = {n: unet_output(n) for n in range(180, last + 1) if unet_output(n)}
    assert {trial.values[0]: trial.output for trial in found.working} == {n: (2, m, m) for n, m in by_hand.items()}
    assert (unet_output(572), by_hand[188]) == (388, 4)


def test_the_unets_output():
    """388 comes from 572 alone, by the input or by the variable."""
    for ranges in ({"input": "560..600"}, {"size": "560..600"}):
        assert values(solve_sizes("unet", ranges, output="388").solutions) == [572]


def test_where_the_unet_fails():
    """573: 569 rows are not even at the first pool, so that the first shortcut has one row more than what comes up."""
    found = solve_sizes("unet", {"input": 573})
    failure = found.trials[0].failure
    assert (failure.code, failure.layer) == ("E308", "level1.concat_1")
    assert "393 and 392" in failure.message


# source, what varies, what is wanted, the solutions, which of them tile exactly; by hand
WANTED = [
    # VGG-16 halves five times, rounding down: 224 to 255 give 7; 224 alone is 32·7
    ("vgg16", {"input": "200..300"}, {"output": "stage5=7x7"}, list(range(224, 256)), [224]),
    ("vgg16", {"input": "200..300"}, {"output": "stage5=512x7x7"}, list(range(224, 256)), [224]),
    ("vgg16", {"input": "200..300"}, {"output": "stage5=7"}, list(range(224, 256)), [224]),
    # dense_3 has 4096 + 1 parameters a class: 138,357,544 with 1000 classes
    ("vgg16", {"classes": "998..1002"}, {"want": "params=138357544"}, [1000], [1000]),
    ("vgg16", {"classes": "998..1002"}, {"want": "params>=138357545"}, [1001, 1002], [1001, 1002]),
    # ⌊(n − 3)/2⌋ + 1 = 7 for n = 15 and 16, exactly for 15
    ("9x9x3 -> conv 8 3x3 s2", {"input": "9..20"}, {"output": "7x7"}, [15, 16], [15]),
    ("9x9x3 -> conv 8 3x3 s2", {"input.height": "9..20"}, {"output": "7x4"}, [15, 16], [15]),
    # (F·F·C + 1)·8 = 8·(9C + 1) = 800 for C = 11
    ("9x9x3 -> conv 8 3x3", {"input.channels": "1..20"}, {"want": "conv_1.params=800"}, [11], [11]),
    # 7·7·8·27 = 10,584 MACs at 9; (n − 2)²·216 ≤ 20,000 up to n = 11
    ("9x9x3 -> conv 8 3x3", {"input": "8..10"}, {"want": "receptive_field=3"}, [8, 9, 10], [8, 9, 10]),
    ("9x9x3 -> conv 8 3x3", {"input": "8..10"}, {"want": "receptive_field<=2x2"}, [], []),
    ("k: 9x9x3 -> conv 8 3x3 s2 -> upsample 4", {"k": "9..9"}, {"want": "effective_stride=0.5x0.5"}, [9], [9]),
    ("9x9x3 -> conv 8 3x3 -> relu", {"input": "9..10"}, {"want": "layers>=2"}, [9, 10], [9, 10]),
    ("9x9x3 -> conv 8 3x3 -> relu", {"input": "9..10"}, {"want": "conv_1.param_bytes=896"}, [9, 10], [9, 10]),
    # 7·7·8 numbers of 4 bytes
    ("9x9x3 -> conv 8 3x3", {"input": "8..10"}, {"want": "conv_1.peak_activation<=1568"}, [8, 9], [8, 9]),
    ("9x9x3 -> conv 8 3x3", {"input": "3..20"}, {"want": "macs<=20k"}, list(range(3, 12)), list(range(3, 12))),
    # a sequence: ⌊(n − 5)/5⌋ + 1 = 4 for 20 to 24
    ("50x3 -> max_pool 5", {"input": "1..30"}, {"output": "4"}, [20, 21, 22, 23, 24], [20]),
    # the output 392 is not a 7x7x8, whatever the input
    ("9x9x3 -> conv 8 3x3 -> flatten", {"input": "9..9"}, {"output": "7x7x8"}, [], []),
    # TensorFlow's SAME: ⌈n/2⌉ = 5 for 9 and 10; both are padded to fit
    ("9x9x3 -> conv 8 3x3 s2 same", {"input": "5..12"}, {"output": "5x5"}, [9, 10], [9, 10]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "ranges", "wanted", "solutions", "exact"), WANTED, ids=[str(r[:3]) for r in WANTED])
def test_wanted(source, ranges, wanted, solutions, exact):
    """The sizes that have what is wanted, those that tile exactly first."""
    found = solve_sizes(source, ranges, **wanted)
    assert sorted(values(found.solutions)) == solutions
    assert values(trial for trial in found.solutions if trial.exact) == exact
    assert values(found.solutions)[: len(exact)] == exact


def test_what_is_left_over():
    """12 rows under a kernel of 3 and a stride of 2: 12 − 3 = 9 leaves one; the pool leaves one of 5."""
    found = solve_sizes("9x9x3 -> conv 8 3x3 s2 -> max_pool 2", {"input": 12})
    assert [(each.layer, each.sizes) for each in found.trials[0].left_over] == [
        ("conv_1", (1, 1)),
        ("max_pool_1", (1, 1)),
    ]


@given(F=st.integers(1, 5), S=st.integers(1, 3), P=st.integers(0, 2), pool=st.integers(1, 3), first=st.integers(1, 12))
def test_as_analyze_says(F, S, P, pool, first):
    """Every size on its own, by the report; and exactness by hand."""
    source = f"9x9x3 -> conv 4 {F}x{F} s{S} p{P} -> max_pool {pool}"
    found = solve_sizes(source, {"input": range(first, first + 8)})
    for trial in found.trials:
        n = trial.values[0]
        try:
            expected = cnncalc.analyze(source, input=(n, n, 3)).outputs[0].shape
        except SpecError:
            expected = None
        assert trial.output == expected
        if expected:
            room = n - F + 2 * P
            assert trial.exact == (room % S == 0 and (room // S + 1) % pool == 0)


def test_several_vary():
    """Every combination: a valid 3x3 makes 9x7 of 11x9 alone."""
    found = solve_sizes("8x8x3 -> conv 2 3x3", {"input.height": "9..12", "input.width": "8..10"}, output="9x7")
    assert [trial.values for trial in found.solutions] == [(11, 9)]
    assert len(found.trials) == 12


def test_named_inputs():
    """One input by its name, or all at once."""
    spec = {"input": {"a": "8x8x3", "b": "8x8x3"}, "layers": ["add from=a,b", "max_pool 2"]}
    assert values(solve_sizes(spec, {"a": "7..9"}).working) == [8]
    assert values(solve_sizes(spec, {"input": "7..9"}).working) == [7, 8, 9]
    assert values(solve_sizes(spec, {"input": "7..9"}).solutions) == [8]


def test_a_spec_that_is_wrong_as_written_may_work_at_other_sizes():
    """The spec's own input need not work."""
    assert values(solve_sizes("2x2x3 -> conv 2 3x3", {"input": "1..5"}).working) == [3, 4, 5]


def test_a_variable_called_input():
    """A variable of that name comes before the inputs."""
    spec = {"input": "8x8x3", "variables": {"input": 2}, "layers": ["conv ${input} 3x3"]}
    found = solve_sizes(spec, {"input": "4..6"}, output="6x6x5")
    assert values(found.solutions) == [5]


def test_what_comes_nearest():
    """Doubled sizes are even: the nearest to 21 are 20 and 22."""
    found = solve_sizes("8x8x3 -> upsample 2", {"input": "4..20"}, output="21")
    assert values(found.nearest) == [10, 11]
    assert not found.found


def test_nothing_exact():
    """Without a wanted figure, what leaves fewest layers with a remainder comes nearest."""
    found = solve_sizes("8x8x3 -> max_pool 2", {"input": "7,9"})
    assert not found.found
    assert values(found.nearest) == [7, 9]


@for_each(
    ("source", "ranges", "wanted", "said"),
    [
        ("vgg16", {}, {}, "nothing varies"),
        ("vgg16", {"inputs": "1..5"}, {}, 'did you mean "input"?'),
        ("vgg16", {"clases": "1..5"}, {}, 'did you mean "classes"?'),
        ("vgg16", {"input.depth": "1..5"}, {}, "the input has no depth"),
        ("vgg16", {"input": "5..1"}, {}, "vary input"),
        ("vgg16", {"input": "1..20000"}, {}, "20,000 combinations are more than 10,000"),
        ("vgg16", {"input": 224}, {"output": "stage9=7x7"}, 'did you mean "stage5"?'),
        ("vgg16", {"input": 224}, {"output": "stage5=big"}, "is not a shape"),
        ("vgg16", {"input": 224}, {"want": "parms=3"}, 'did you mean "params"?'),
        ("vgg16", {"input": 224}, {"want": "stage5.arena<=3"}, "write arena without stage5."),
        ("vgg16", {"input": 224}, {"want": "params"}, "is not a condition"),
        ("vgg16", {"input": 224}, {"want": "params=many"}, "a count is needed"),
        ("vgg16", {"input": 224}, {"want": "output<=7x7"}, "can only be compared with ="),
        ("vgg16", {"input": 224}, {"want": "receptive_field=many"}, "is not a number per axis"),
        ("vgg16", {"input": 224}, {"want": "effective_stride=0"}, "is not a number per axis"),
        ("resnet500", {"input": 224}, {}, 'did you mean "resnet50"?'),
        ("8x8x3 -> cov 2 3x3", {"input": 224}, {}, 'did you mean "conv"?'),
        ("vgg16", {"input": 224}, {"convention": "kears"}, 'did you mean "keras"?'),
    ],
)
def test_questions_that_cannot_be_answered(source, ranges, wanted, said):
    """A message with the user's words, and what to do."""
    with pytest.raises(SpecError) as caught:
        solve_sizes(source, ranges, **wanted)
    assert said in str(caught.value)


def test_to_dict():
    """The stable form; the counts are of all, the list is as long as asked for."""
    found = solve_sizes("9x9x3 -> conv 8 3x3 s2", {"input": "2..16"}, output="7x7").to_dict(1)
    assert (found["combinations"], found["fitting"], found["exact"]) == (15, 2, [[n] for n in range(3, 17, 2)])
    assert found["inexact"] == [[n] for n in range(4, 17, 2)]
    assert [solution["values"] for solution in found["solutions"]] == [[15]]
    assert [(failure["layer"], failure["values"]) for failure in found["failures"]] == [("conv_1", [[2]])]


def test_layers_are_bounded(monkeypatch):
    """Three models of two nodes each, an input and a layer, are more than five; those that fail count, too."""
    monkeypatch.setattr("cnncalc.solving.model.LARGEST_MODELS", 1)
    with pytest.raises(SpecError, match="3 of 4 combinations have 6 layers in total, more than 5"):
        solve_sizes("8x8x3 -> conv 2 3x3", {"input": "5..8"}, limits=Limits(layers=5))
    with pytest.raises(SpecError, match="layers in total, more than 5"):
        solve_sizes("8x8x3 -> conv 2 3x3 -> conv 2 9x9", {"input": "4..8"}, limits=Limits(layers=5))


def test_outputs_by_their_names():
    """An output may be asked for by the name that the spec gives it, and by its layer's."""
    spec = {"input": "8x8x3", "layers": ["conv 2 3x3 name=features", "max_pool 2"], "outputs": {"map": "features"}}
    for name in ("map", "features"):
        assert values(solve_sizes(spec, {"input": "6..12"}, output=f"{name}=7x7").solutions) == [9]


def test_everything_that_a_spec_may_expect_may_be_wanted() -> None:
    assert set(FIGURES) == {*COUNTS, *SHAPES}
    for figure in (*COUNTS, *SHAPES):
        for name in ("",) if figure in OF_MODEL else ("", "conv_1."):
            found = solve_sizes("9x9x3 -> conv 8 3x3 -> relu", {"input": 9}, want=f"{name}{figure}=1")
            assert len(found.trials[0].figures) == 1


@pytest.mark.parametrize("option", ["convention", "layout"])
def test_an_unknown_setting(option: str) -> None:
    """One mistake of the call, not one for each size."""
    with pytest.raises(SpecError) as caught:
        solve_sizes("12x12x3 -> conv 8 3x3", {"input": "10..16"}, **{option: "HCW"})
    (found,) = caught.value.diagnostics
    assert (found.code, found.message.partition(".")[0]) == ("E204", f'{option}: unknown word "HCW"')


def test_the_most_frequent_failure_is_first() -> None:
    """Of 1 to 12, 1 and 2 are smaller than the first kernel; 3 to 8 leave 1 to 6 positions for the second."""
    found = solve_sizes("12x12x3 -> conv 8 3x3 -> conv 8 7x7", {"input": "1..12"}).to_dict()
    failures = [(failure["layer"], failure["values"]) for failure in found["failures"]]
    assert failures == [("conv_2", [[3], [4], [5], [6], [7], [8]]), ("conv_1", [[1], [2]])]
