"""A quiz: different exercises of the given topics and level, as a sheet that `check` can grade."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.analyze import analyze, load
from cnncalc.diagnostics import Diagnostic, SpecError, did_you_mean
from cnncalc.homework.exercises.description import describe
from cnncalc.homework.exercises.topics import LEVELS, TOPICS, Exercise, draw_exercise

MOST_EXERCISES = 200
_TRIES = 50


class Quiz(NamedTuple):
    """Exercises with their topics, and their level and seed."""

    exercises: tuple[tuple[str, Exercise], ...]
    level: int
    seed: int
    title: str


def make_quiz(topics: Sequence[str], count: int, level: int, seed: int, student: str = "") -> Quiz:
    """`count` exercises that cycle through the topics; reproducible from the arguments on every machine.

    Every student, who is known by an ID, gets other numbers in the same kinds of exercises.

    Raises SpecError for an unknown topic or level, or if there are not enough different exercises.
    """
    if not topics:
        raise SpecError([Diagnostic("E504", "no topic is given", hint=f"the topics are {', '.join(TOPICS)}")])
    for name in topics:
        if name not in TOPICS:
            hint = did_you_mean(name, TOPICS) or f"the topics are {', '.join(TOPICS)}"
            raise SpecError([Diagnostic("E504", f'unknown topic "{name}"', hint=hint)])
    if level not in LEVELS or not 1 <= count <= MOST_EXERCISES:
        raise SpecError([Diagnostic("E504", f"levels are 1 to {LEVELS[-1]}, exercises 1 to {MOST_EXERCISES}")])
    found: dict[Exercise, str] = {}
    for number in range(count):
        name = topics[number % len(topics)]
        whose = f"{seed}/{student}" if student else str(seed)
        origin = _Origin(f"{whose}/{level}/{number}/{name}", f"{seed}/{level}/{name}/kinds", number // len(topics))
        drawn = _new(found, name, level, origin)
        found[drawn] = name
    title = f"Exercises, level {level} (seed {seed})"
    return Quiz(tuple((name, exercise) for exercise, name in found.items()), level, seed, title)


class _Origin(NamedTuple):
    """The seeds of an exercise's numbers and of its kind, and its turn among those of its topic."""

    seed: str
    kinds: str
    turn: int


def _new(known: dict[Exercise, str], name: str, level: int, origin: _Origin) -> Exercise:
    """A new exercise with valid sizes."""
    for attempt in range(_TRIES):
        drawn = draw_exercise(name, f"{origin.seed}/{attempt}", origin.kinds, origin.turn, level)
        if drawn not in known and _works(drawn):
            return drawn
    raise SpecError([Diagnostic("E504", f"there are no more different exercises of {name}, level {level}",
                                hint="ask for fewer, or for more topics")])  # fmt: skip


def _works(exercise: Exercise) -> bool:
    """Whether the layers of an exercise fit its input."""
    if not exercise.spec or exercise.find:
        return all("0" not in value.split("x") for _, value in exercise.such_that)
    rejected = any(part.right for part in exercise.parts)
    try:
        analyze(exercise.spec)
    except SpecError:
        return rejected
    return not rejected


def _text(exercise: Exercise) -> str:
    """The text of an exercise, with its network described in words."""
    if "{network}" not in exercise.text:
        return exercise.text
    return exercise.text.replace("{network}", describe(load(exercise.spec)))


def _part(part: Exercise) -> list[str]:
    """The keys of a part with a text."""
    text = f"text: {json.dumps(part.text, ensure_ascii=False)}"
    if part.apply:
        return [text, *_arrays(part)]
    return [text, f"ask: {part.asks[0]}", *([f"right: {part.right}"] if part.right else [])]


def _arrays(exercise: Exercise) -> list[str]:
    """The keys of an item to apply, and its arrays."""
    given = {name: getattr(exercise, name) for name in ("data", "second_data", "weights", "bias")}
    return [f"apply: {exercise.apply}", *(f"{name}: {array}" for name, array in given.items() if array)]


def as_sheet(quiz: Quiz, student: str = "") -> str:
    """The quiz as a YAML sheet, described in docs/homework.md."""
    who = [f"student: {json.dumps(student, ensure_ascii=False)}"] if student else []
    lines = [f"title: {json.dumps(quiz.title, ensure_ascii=False)}", *who, "follow_through: true", "questions:"]
    for number, (name, exercise) in enumerate(quiz.exercises):
        lines += [f"  - name: {name}_{number + 1}", f"    text: {json.dumps(_text(exercise), ensure_ascii=False)}"]
        if exercise.spec:
            lines.append(f"    spec: {json.dumps(exercise.spec)}")
        if exercise.find:
            wanted = ", ".join(f"{path}: {value}" for path, value in exercise.such_that)
            lines += [f"    find: {exercise.find}", f"    such_that: {{{wanted}}}"]
        elif exercise.apply:
            lines += [f"    {line}" for line in _arrays(exercise)]
        elif exercise.parts:
            lines.append("    parts:")
            lines += [f"      - {{{', '.join(_part(part))}}}" for part in exercise.parts]
        elif len(exercise.asks) == 1:
            lines.append(f"    ask: {exercise.asks[0]}")
        else:
            lines.append("    parts:")
            lines += [f"      - {{ask: {path}}}" for path in exercise.asks]
    return "\n".join(lines) + "\n"
