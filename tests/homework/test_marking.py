"""Sheets of questions: reading, points, follow-through, classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.homework import marking
from cnncalc.homework.marking import Marked, Marker, _choices, most_taken
from cnncalc.homework.sheet import QuestionSheet, read_sheet
from cnncalc.homework.students import load_answers, own_answers
from cnncalc.reading.limits import Limits
from cnncalc.render.homework import marked as render
from tests.together import for_each

SHEET = """\
title: Convolution arithmetic
follow_through: true
questions:
  - name: shapes
    spec: 32x32x3 -> conv 20 8x8 s2 p1 -> flatten -> dense 10
    parts:
      - {ask: conv_1.output, points: 2}
      - {name: weights, ask: conv_1.params}
      - {name: all, ask: total.params}
      - {name: alone, ask: conv_1.unshared_params}
      - {name: ratio, ask: conv_1.unshared_params / conv_1.params}
  - {name: same, spec: "32x32x3 -> conv 8 5x5 padding=${p}", find: p, such_that: {output: 32x32x8}}
  - {name: pool, apply: max_pool 2, data: [[1, 0], [4, 6]], points: 0.5}
"""


def sheet(text: str = SHEET) -> QuestionSheet:
    return read_sheet(Source("homework.yaml", text))


def marked(**answers: str) -> Marked:
    return Marker(sheet()).mark("Ada", {name.replace("__", "."): text for name, text in answers.items()})


def status(found: Marked) -> dict[str, tuple[str, float]]:
    return {mark.part.name: (mark.status, float(mark.points)) for mark in found.marks if mark.text}


def test_everything_right() -> None:
    """39,210 = (3,920 + 1)·10 in the dense layer; 756,560 / 3,860 = 196."""
    found = marked(
        shapes__a="14x14x20", shapes__weights="3860", shapes__all="43,070", shapes__alone="756560",
        shapes__ratio="196", same="2", pool="6",
    )  # fmt: skip
    assert found.points == sheet().points == 7.5
    assert {mark.status for mark in found.marks} == {"right"}


@pytest.mark.parametrize(
    ("answers", "part", "expected"),
    [
        # 13·13·20 = 3,380 elements go on: (3,380 + 1)·10 + 3,860
        ({"shapes__a": "13x13x20", "shapes__all": "37670"}, "shapes.all", ("wrong, but follows", 1.0)),
        ({"shapes__a": "13x13x20", "shapes__all": "37671"}, "shapes.all", ("wrong", 0.0)),
        # 193·20·169 positions
        ({"shapes__a": "13x13x20", "shapes__alone": "652340"}, "shapes.alone", ("wrong, but follows", 1.0)),
        # 3,840 instead of 3,860 weights: 20 less in all, and 756,560/3,840
        ({"shapes__weights": "3840", "shapes__all": "43050"}, "shapes.all", ("wrong, but follows", 1.0)),
        ({"shapes__weights": "3840", "shapes__ratio": "197.02"}, "shapes.ratio", ("wrong, but follows", 1.0)),
        # nothing is divided by 0, and an answer without a number gives nothing to continue with
        ({"shapes__weights": "0", "shapes__ratio": "5"}, "shapes.ratio", ("wrong", 0.0)),
        ({"shapes__a": "does not fit", "shapes__all": "37670"}, "shapes.all", ("wrong", 0.0)),
        # the answer to another question does not count
        ({"same": "1", "shapes__all": "43050"}, "shapes.all", ("wrong", 0.0)),
    ],
)
def test_follow_through(answers: dict[str, str], part: str, expected: tuple[str, float]) -> None:
    """A part that is worked out rightly from a wrong one gets its points."""
    assert status(marked(**answers))[part] == expected


@pytest.mark.parametrize("setting", ["follow_through: false\n", ""])
def test_without_follow_through_it_is_marked_but_gives_no_points(setting: str) -> None:
    """A sheet that does not mention it has none."""
    found = Marker(sheet(SHEET.replace("follow_through: true\n", setting))).mark(
        "", {"shapes.a": "13x13x20", "shapes.all": "37670"}
    )
    assert status(found)["shapes.all"] == ("wrong, but follows", 0.0)


@for_each(
    ("answer", "expected", "note"),
    [
        ("2", "right", ""),
        ("same", "right", ""),
        ("[2, 2]", "right", ""),
        ("half", "right", ""),
        ("Two", "right", ""),
        ("1", "wrong", "p = 1 gives output 30x30x8, not 32x32x8"),
        ("many", "wrong", "with p = many"),
        ("two paddings", "unreadable", ""),
    ],
)
def test_hyperparameters(answer: str, expected: str, note: str) -> None:
    """Every value that fits is right."""
    mark = next(mark for mark in marked(same=answer).marks if mark.part.name == "same")
    assert mark.status == expected
    assert note in mark.note


@pytest.mark.parametrize(
    ("answer", "expected"), [("6", "right"), ("[[6]]", "right"), ("[6]", "right"), ("4", "wrong"), ("[6, 6]", "wrong")]
)
def test_outputs_on_arrays(answer: str, expected: str) -> None:
    mark = next(mark for mark in marked(pool=answer).marks if mark.part.name == "pool")
    assert mark.status == expected


@for_each(
    ("text", "line", "message"),
    [
        ("title: empty\n", 1, "a sheet needs a list of questions"),
        ("questions:\n  - {spec: 3x3x1 -> relu, ask: output, pionts: 2}\n", 2, 'a question has no key "pionts"'),
        ("questions:\n  - {spec: 3x3x1 -> relu}\n", 2, "q1 does not ask for anything"),
        ("questions:\n  - {ask: output}\n", 2, "the question has no spec"),
        ("questions:\n  - {spec: 3x3x1 -> rely, ask: output}\n", 2, 'unknown layer type "rely"'),
        ("questions:\n  - {spec: 3x3x1 -> relu, ask: relu_1.parms}\n", 2, 'unknown metric "parms" of relu_1'),
        ("questions:\n  - {apply: relu, data: [[1, x]]}\n", 2, "x"),
        ("questions:\n  - {spec: 3x3x1 -> relu, ask: output, points: -1}\n", 2, "points must be a number from 0"),
        ("questions:\n  - {name: a, spec: 3 -> relu, ask: output}\n  - {name: a, spec: 3 -> relu, ask: output}\n", 3,
         'two parts are called "a"'),
    ],
)  # fmt: skip
def test_sheets_with_mistakes(text: str, line: int, message: str) -> None:
    with pytest.raises(SpecError) as error:
        sheet(text)
    assert message in error.value.diagnostics[0].message
    assert error.value.diagnostics[0].line == line


@pytest.mark.parametrize(
    ("answer", "points"), [("3860", 2.0), ("3840", 1.0), ("1300", 0.5), ("756560", 0.0), ("3840.0", 1.0)]
)
def test_partial_credit(answer: str, points: float) -> None:
    """A half is left without the biases, a quarter without the depth, nothing without sharing."""
    text = "partial_credit: {bias_forgotten: 0.5}\nquestions:\n"
    text += '  - {name: a, spec: "32x32x3 -> conv 20 8x8 s2 p1", ask: params, points: 2,\n'
    text += "     partial_credit: {filter_depth_forgotten: 0.25}}\n"
    (mark,) = Marker(sheet(text)).mark("", {"a": answer}).marks
    assert float(mark.points) == points


def test_partial_credit_names_mistakes() -> None:
    text = "partial_credit: {bias_forgoten: 0.5}\nquestions:\n  - {spec: 8 -> relu, ask: output}\n"
    with pytest.raises(SpecError) as error:
        sheet(text)
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.message, diagnostic.hint) == (
        'unknown mistake "bias_forgoten"', 'did you mean "bias_forgotten"?',
    )  # fmt: skip


CLASS = """\
student;shapes.a;shapes.weights;same
Ada;14x14x20;3860;2
=Ben;13x13x20;756,560;1
"""


def test_a_class(tmp_path: Path) -> None:
    """One row for each student; a semicolon, as spreadsheets with decimal commas write it."""
    path = tmp_path / "class.csv"
    path.write_text(CLASS, encoding="utf-8")
    marker = Marker(sheet())
    found = [marker.mark(one.student, one.texts) for one in load_answers(str(path), sheet())]
    assert [float(one.points) for one in found] == [4.0, 0.0]
    assert render.misconceptions(found) == [("padding_forgotten", 1), ("without_sharing", 1)]
    assert render.gradebook(sheet(), found).splitlines() == [
        "student,shapes.a,shapes.weights,shapes.all,shapes.alone,shapes.ratio,same,pool,points,unreadable",
        "Ada,2,1,0,0,0,1,0,4,",
        "'=Ben,0,0,0,0,0,0,0,0,",  # a spreadsheet must not take a name for a formula
    ]
    text = render.as_text(sheet(), found)
    assert "shapes.a: conv_1.output  1 of 2 right" in text
    assert "counted without weight sharing" in text
    assert "- counted without weight sharing: 1" in render.as_markdown(sheet(), found)


def test_one_student_s_file(tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text("student: Ada\nshapes: {a: [14, 14, 20], weights: 3860}\npool: 6\n", encoding="utf-8")
    (found,) = load_answers(str(path), sheet())
    assert found.student == "Ada"
    assert float(Marker(sheet()).mark("Ada", found.texts).points) == 3.5


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "student,shapes.b\nAda,1\n", 'the sheet has no part "shapes.b"'),
        ("a.csv", "shapes.a\n14x14x20\n", "the table has no column for the students"),
        ("a.csv", "", "the table is empty"),
        ("a.yaml", "shapes: {z: 1}\n", 'the sheet has no part "shapes.z"'),
        ("a.yaml", "- 1\n", "answers must be a mapping"),
    ],
)
def test_answers_with_mistakes(tmp_path: Path, name: str, text: str, message: str) -> None:
    """No answer gets lost for a misspelt name."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as error:
        load_answers(str(path), sheet())
    assert message in error.value.diagnostics[0].message


def test_answers_may_stand_in_the_sheet() -> None:
    one = sheet("student: Eve\nquestions:\n  - {spec: 8x8x1 -> max_pool 2, ask: output, answer: 4x4x1}\n")
    found = own_answers(one)
    assert (found.student, found.texts) == ("Eve", {"q1": "4x4x1"})
    assert Marker(one).mark(found.student, found.texts).points == 1


def test_a_ratio_follows_from_one_of_many_wrong_answers() -> None:
    """Of seven; the first, 3,840, is its numerator."""
    parts = "".join(f"      - {{name: p{number}, ask: conv_1.output}}\n" for number in range(6))
    text = (
        "follow_through: true\nquestions:\n  - name: q\n    spec: 32x32x3 -> conv 20 8x8 s2 p1\n    parts:\n"
        f"      - {{name: n, ask: conv_1.params}}\n{parts}"
        "      - {name: r, ask: conv_1.params / conv_1.output.height}\n"
    )
    answers = {"q.n": "3840", **{f"q.p{number}": f"{number + 1}x1x1" for number in range(6)}, "q.r": "3840/14"}
    assert status(Marker(sheet(text)).mark("", answers))["q.r"] == ("wrong, but follows", 1.0)


def test_selections_of_earlier_wrong_answers() -> None:
    """Each once: the last two alone and together, and all three, which are too many to try each selection."""
    assert list(_choices("ab", 6)) == [("a",), ("b",), ("a", "b")]  # type: ignore[arg-type]
    assert list(_choices("abc", 2)) == [("b",), ("c",), ("b", "c"), "abc"]  # type: ignore[arg-type]
    assert list(_choices([], 2)) == []


@for_each(
    ("layers", "most"),
    [(2, 6), (5, 6), (21, 6), (22, 5), (52, 5), (53, 4), (990, 1), (1991, 1)],
)
def test_how_many_answers_are_combined(layers: int, most: int) -> None:
    """2,000 layers, each selection counting as ten: 2⁶ selections of 21 + 10 are 1,984, of 22 + 10 are 2,048."""
    assert most_taken(layers) == most


def test_what_follows_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred students with the same wrong answers cost as much as one."""
    computed = []
    original = marking.worked_from
    monkeypatch.setattr(marking, "worked_from", lambda *given: computed.append(given) or original(*given))
    marker = Marker(sheet())
    for _ in range(3):
        marker.mark("Ada", {"shapes.a": "13x13x20", "shapes.all": "37670"})
    assert len(computed) == 1


def test_the_budget_of_follow_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three computations for each layer that the limits allow, and 300 for each student."""
    budgets: list[int] = []
    monkeypatch.setattr(marking, "Workings", budgets.append)
    for students, layers in ((1, 10), (7, 100)):
        Marker(sheet(), students, Limits(layers=layers))
    assert budgets == [330, 2_400]
