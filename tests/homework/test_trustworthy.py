"""Marking that a lecturer can trust: follow-through, digits, sizes that do not fit, gradebooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import Diagnostic, Source, SpecError
from cnncalc.forward.literal import read_arrays
from cnncalc.homework.answers.arrays import read_array
from cnncalc.homework.answers.wording import says_it_does_not_fit
from cnncalc.homework.check import check
from cnncalc.homework.fit import is_about_sizes, judge_unfitting
from cnncalc.homework.marking import Marked, Marker
from cnncalc.homework.models import workings_of
from cnncalc.homework.sheet import read_sheet
from cnncalc.homework.students import load_answers
from cnncalc.homework.values import Output
from cnncalc.reading.limits import Limits
from cnncalc.render.homework.marked import gradebook, misconceptions
from tests.together import for_each

CHAIN = """\
follow_through: true
questions:
- name: q
  spec: "32x32x3 -> conv 20 8x8 s2 p1 -> max_pool 2 -> conv 8 3x3 -> flatten -> dense 10"
  parts:
  - {name: size1, ask: conv_1.output}
  - {name: size2, ask: conv_2.output}
  - {name: height2, ask: conv_2.output.height}
  - {name: weights, ask: conv_2.weights}
  - {name: biases, ask: conv_2.biases}
  - {name: params, ask: conv_2.params}
  - {name: dense, ask: dense_1.params}
  - {name: all, ask: total.params}
  - {name: bytes, ask: total.param_bytes}
  - {name: macs, ask: total.macs}
"""


def marked(text: str, **answers: str) -> Marked:
    return Marker(read_sheet(Source("sheet.yaml", text))).mark(
        "Ada", {f"q.{name}": said for name, said in answers.items()}
    )


@pytest.mark.parametrize(
    ("answers", "part", "status"),
    [
        # two independent mistakes: 3·3·8 = 72 elements, 730 in the dense layer; 1,440 without biases
        ({"size2": "3x3x8", "params": "1440", "all": "6030"}, "all", "wrong, but follows"),
        ({"size2": "3x3x8", "params": "1440", "all": "6038"}, "all", "wrong, but follows"),  # from the size alone
        ({"size2": "3x3x8", "params": "1440", "all": "7310"}, "all", "wrong, but follows"),  # from the count alone
        ({"size2": "3x3x8", "params": "1440", "all": "6031"}, "all", "wrong"),
        # the second wrong size counts, whatever the first: 13/2 = 6, 6 − 2 = 4 would be the first's
        ({"size1": "13x13x20", "size2": "3x3x8", "dense": "730"}, "dense", "wrong, but follows"),
        ({"size1": "13x13x20", "dense": "1290"}, "dense", "wrong, but follows"),  # 4·4·8 = 128: 129·10
        # one axis of a shape: 3x5x8 = 120 elements
        ({"height2": "3", "dense": "1210"}, "dense", "wrong, but follows"),
        # weights 3·3·3·8 = 216 and 16 biases make 232
        ({"weights": "216", "biases": "16", "params": "232"}, "params", "wrong, but follows"),
        ({"weights": "216", "params": "224"}, "params", "wrong, but follows"),  # 216 + 8
        ({"all": "7000", "bytes": "28000"}, "bytes", "wrong, but follows"),  # four bytes each
    ],
)  # fmt: skip
def test_several_earlier_mistakes_are_followed(answers: dict[str, str], part: str, status: str) -> None:
    found = {mark.part.name: mark.status for mark in marked(CHAIN, **answers).marks}
    assert found[f"q.{part}"] == status


def test_the_histogram_counts_no_phantoms() -> None:
    """Thirty students forget the padding once, and go on rightly from it: thirty mistakes, not sixty."""
    sheet = read_sheet(Source("sheet.yaml", CHAIN))
    answers = {"q.size1": "13x13x20", "q.size2": "4x4x8"}
    found = [Marker(sheet).mark(str(number), answers) for number in range(30)]
    assert [mark.status for mark in found[0].marks if mark.text] == ["wrong", "wrong, but follows"]
    assert misconceptions(found) == [("padding_forgotten", 30)]


AVERAGE = Output("avg_pool 3", "[[1,2,3],[4,5,6],[7,8,14]]")  # 50/9 = 5.5555…


@for_each(
    ("text", "status"),
    [
        ("5.56", "right"),
        ("5.6", "right"),
        ("5.555556", "right"),
        ("50/9", "right"),
        ("[[5.56]]", "right"),
        ("6", "wrong"),  # a whole number says no digits that could be missing
        ("6.", "wrong"),
        ("5.55", "wrong"),
        ("5.5", "wrong"),
        ("half", "unreadable"),
        ("[[5.56", "unreadable"),
    ],
)
def test_averages_are_right_to_the_digits_written(text: str, status: str) -> None:
    assert AVERAGE.judge(text).status == status


def test_a_printed_key_is_right() -> None:
    """31/9 is printed as 3.44444 in a key."""
    assert Output("avg_pool 3", "[[1,2,3],[4,5,6],[7,1,2]]").judge("3.44444").status == "right"


def values(nested: object) -> object:
    return [values(item) for item in nested] if isinstance(nested, list) else float(nested.value)  # type: ignore[attr-defined]


@for_each(
    ("text", "expected"),
    [
        ("[[1 0],[4 6]]", [[1, 0], [4, 6]]),
        ("[[1, 0], [4, 6]]", [[1, 0], [4, 6]]),
        ("[[1. 0.]\n [4. 6.]]", [[1, 0], [4, 6]]),
        ("[1 0; 4 6]", [[1, 0], [4, 6]]),
        (".1", 0.1),
        ("[.5 -.5]", [0.5, -0.5]),
        ("[1 -2]", [1, -2]),
    ],
)
def test_arrays_are_read_as_people_write_them(text: str, expected: object) -> None:
    """As answers, and as data for `apply`."""
    assert values(read_array(text)) == expected
    assert read_arrays(text).tolist() == expected  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("array([[1, 0], [4, 6]])", [[1, 0], [4, 6]]),
        ("((1,2),(3,4))", [[1, 2], [3, 4]]),
        ("[1 - 2]", [-1]),
        ("[1/4 1]", [0.25, 1]),
    ],
)
def test_answers_may_be_calculations_and_calls(text: str, expected: object) -> None:
    assert values(read_array(text)) == expected


@given(st.recursive(st.integers(-999, 999), lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=8))
def test_every_way_to_write_an_array_is_the_same(nested: object) -> None:
    written = str(nested)
    expected = values(read_array(written))
    assert expected == nested
    assert values(read_array(written.replace(",", " "))) == nested
    assert values(read_array(written.replace("[", "{").replace("]", "}"))) == nested


@for_each(
    ("spec", "path", "answer", "status"),
    [
        ("quiz", "conv_1.weights", "3840", "right"),
        ("quiz", "conv_1.weights", "3860", "wrong"),
        ("quiz", "conv_1.biases", "20", "right"),
        ("quiz", "total.biases", "20", "right"),
        ("vgg16", "weight_layers", "16", "right"),  # Simonyan and Zisserman, table 1
        ("alexnet", "weight_layers", "8", "right"),  # Krizhevsky et al.: eight learned layers
        ("quiz", "conv_1.kernel.shape", "8x8x3x20", "right"),
        ("quiz", "conv_1.kernel_shape", "20x3x8x8", "right with a note"),  # PyTorch's order
        ("quiz", "conv_1.kernel.shape", "8x8x20x3", "wrong"),
        ("quiz", "conv_1.output", "100x14x14x20", "right with a note"),
        ("28x64 -> lstm 128 return_sequences=true", "output", "100x28x128", "right with a note"),
        ("28x64 -> lstm 128", "lstm_1.steps", "28", "right"),
        ("28x64 -> lstm 128", "lstm_1.output_with_steps", "28x128", "right"),
        ("quiz", "output_with_batch", "1x14x14x20", "right"),
        ("quiz", "output", "does not fit", "wrong"),
    ],
)
def test_figures_that_courses_ask_for(spec: str, path: str, answer: str, status: str) -> None:
    assert check(spec, {path: answer})[0].status == status


@pytest.mark.parametrize("text", ["does not fit", "Doesn't fit!", "It does not fit evenly.", "invalid", "Impossible"])
def test_ways_to_say_that_it_does_not_fit(text: str) -> None:
    assert says_it_does_not_fit(text)


@for_each("text", ["14x14x20", "fits", "no", "", "it fits", "9"])
def test_other_words_do_not_say_so(text: str) -> None:
    assert not says_it_does_not_fit(text)


def refused(spec: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        load(spec)
    return caught.value


@pytest.mark.parametrize(
    ("spec", "answer", "status"),
    [
        ("10x10x3 -> conv 8 3x3 s2 rounding=exact", "does not fit", "right"),  # CS231n: (10 − 3)/2 + 1 = 4.5
        ("10x10x3 -> conv 8 3x3 s2 rounding=exact", "4x4x8", "wrong"),
        ("10x10x3 -> conv 8 3x3 s2 rounding=exact", "perhaps", "unreadable"),
        ("3x3x3 -> conv 8 5x5", "impossible", "right"),
    ],
)
def test_a_spec_that_does_not_fit_may_be_asked_about(spec: str, answer: str, status: str) -> None:
    found = judge_unfitting(refused(spec).diagnostics, [("output", answer), ("output", "does not fit")])
    assert found is not None
    assert found[0][2].status == status


def test_a_spec_that_is_wrong_otherwise_is_an_error() -> None:
    assert judge_unfitting(refused("3x3x3 -> konv 8 5x5").diagnostics, [("output", "does not fit")]) is None


UNFIT = 'questions: [{{name: q, spec: "{}", ask: output, right: {}}}]'


def test_a_sheet_may_ask_what_does_not_fit() -> None:
    text = UNFIT.format("10x10x3 -> conv 8 3x3 s2 rounding=exact", "does not fit")
    marker = Marker(read_sheet(Source("s.yaml", text)))
    assert marker.mark("", {"q": "doesn't fit"}).points == 1
    assert marker.mark("", {"q": "4x4x8"}).points == 0


@pytest.mark.parametrize(
    ("spec", "right", "message"),
    [
        ("10x10x3 -> conv 8 3x3 s2", "does not fit", "it fits: the output is 4x4x8"),
        ("10x10x3 -> conv 8 3x3 s2 rounding=exact", "4x4x8", "`right` can only be set to `does not fit`"),
        ("10x10x3 -> konv 8", "does not fit", 'unknown layer type "konv"'),
    ],
)
def test_a_question_whose_answer_is_not_so_is_an_error(spec: str, right: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        read_sheet(Source("s.yaml", UNFIT.format(spec, right)))


SHEET = read_sheet(
    Source("s.yaml", "questions: [{name: a, spec: quiz, ask: params}, {name: b, spec: quiz, ask: output}]")
)


def test_unreadable_answers_are_told_apart_in_the_gradebook() -> None:
    found = [Marker(SHEET).mark("Ada", {"a": "many", "b": "14x14x20"}), Marker(SHEET).mark("Ben", {"a": "7", "b": ""})]
    assert gradebook(SHEET, found).splitlines() == ["student,a,b,points,unreadable", "Ada,0,1,1,a", "Ben,0,0,0,"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("student,a\nAda,1\nBen,2\nAda,3\n", 'duplicate student "Ada" \\(first on line 2\\)'),
        ("name,id,a\nAda,1,1\nAda,1,3\n", 'duplicate student "Ada 1"'),
        ("student,a,b,a\nAda,1,2,3\n", 'duplicate column "a"'),
        ("student,a,A\nAda,1,2\n", 'duplicate column "A"'),
    ],
)
def test_a_student_or_column_that_is_there_twice_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "class.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=message):
        load_answers(str(path), SHEET)


def test_two_students_of_one_name_are_told_apart_by_another_column(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    path.write_text("name,id,a\nAda,1,1\nAda,2,3\n", encoding="utf-8")
    assert [one.texts["a"] for one in load_answers(str(path), SHEET)] == ["1", "3"]


@pytest.mark.parametrize(
    ("characters", "factor", "budget"),
    [(0, 1, 280_000), (8000, 1, 280_000), (8001, 1, 280_035), (10_000, 1, 350_000), (10_000, 2, 700_000)],
)
def test_the_budget_of_a_search(characters: int, factor: int, budget: int) -> None:
    """280,000 steps, or 35 for each character if that is more; times the layers that are allowed beyond the default."""
    limits = Limits(layers=factor * Limits().layers + 1)
    assert workings_of(limits, characters)._left == budget


def test_a_small_limit_of_layers_leaves_the_budget() -> None:
    assert workings_of(Limits(layers=1), 0)._left == 280_000


@pytest.mark.parametrize(
    ("codes", "expected"), [(["E301"], True), (["E301", "E305"], True), (["E301", "E202"], False), ([], False)]
)
def test_a_spec_that_is_wrong_only_by_its_sizes(codes: list[str], expected: bool) -> None:
    """Windows and groups that do not fit; an unknown layer is another matter."""
    assert is_about_sizes([Diagnostic(code, "") for code in codes]) is expected
