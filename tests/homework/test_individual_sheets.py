"""Individual sheets: the kinds of exercises from one seed, the numbers from the ID of a student."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.homework.exercises.topics import TOPICS
from cnncalc.homework.gradebooks.columns import Student
from cnncalc.homework.individual import IndividualSheet, is_individual, read_individual
from cnncalc.homework.marking import Marker
from cnncalc.render.homework.marked import right_value
from tests.together import for_each

ADA, GRACE = (Student(name, frozenset([key]), key) for name, key in (("Ada", "A007"), ("Grace", "A008")))
WEEK = IndividualSheet("Week 3", tuple(TOPICS), len(TOPICS), 3, 5)


def test_students_have_the_same_kinds_of_exercises_with_other_numbers() -> None:
    """The parts have the same names and points; the right answers of one are not those of the other."""
    one, other = WEEK.sheet_for(ADA), WEEK.sheet_for(GRACE)
    assert [(part.name, part.points) for part in one.parts] == [(part.name, part.points) for part in other.parts]
    assert (one.title, one.student, other.student) == ("Week 3", "Ada (A007)", "Grace (A008)")
    answers = {part.name: right_value(part) for part in one.parts}
    searched = sum(part.points for part in one.parts if right_value(part).startswith("any value with"))
    assert Marker(one).mark("", answers).points == one.points - searched
    assert Marker(other).mark("", answers).points < other.points / 3


def test_the_numbers_depend_on_nothing_but_the_id() -> None:
    """Neither on the name, nor on upper and lower case, which exports change."""
    same = Student("A. Lovelace", frozenset(["a007", "ada@x.org"]), "a007")
    assert WEEK.sheet_for(ADA).texts == WEEK.sheet_for(same).texts != WEEK.sheet_for(GRACE).texts


def test_settings_are_written_and_read() -> None:
    settings = IndividualSheet('Week "3"', ("conv", "params"), 4, 2, 7, '{"bias_forgotten": 0.5}')
    source = Source("sheet.yaml", settings.text())
    assert is_individual(source)
    assert read_individual(source) == settings
    partial = settings.sheet_for(ADA).parts[-1].partial
    assert {name: float(share) for name, share in partial.items()} == {"bias_forgotten": 0.5}


def test_titles_are_written_as_they_are() -> None:
    """Not as \\u00dc: lecturers read and edit the files."""
    settings = WEEK._replace(title="Übung 3")
    for text in (settings.text(), settings.text_for(ADA)):
        assert text.startswith('title: "Übung 3"\n')


@for_each(
    ("text", "message"),
    [
        ("individual: 3\n", "`individual` needs the settings of the exercises"),
        ("individual: {topic: [conv]}\n", 'an individual sheet has no key "topic"'),
        ("individual: {topics: conv}\n", "`topics` needs a list of names"),
        ("individual: {count: many}\n", "count, level and seed must be whole numbers"),
        ("individual: {topics: [cov]}\n", 'unknown topic "cov"'),
        ("individual: {level: 4}\n", "levels are 1 to 3, exercises 1 to 200"),
    ],
)
def test_mistakes_in_settings(text: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        read_individual(Source("sheet.yaml", text)).sheet_for(ADA)
    assert error.value.diagnostics[0].message == message
