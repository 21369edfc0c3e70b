"""Report the figures of the exams; with `-v`, also every answer that is not judged as it should be."""

from __future__ import annotations

import sys

from tests.homework.exam.chance import COUNTS, by_chance
from tests.homework.exam.score import (
    EXAMS,
    FIRST,
    NAMINGS,
    READ,
    UNNAMED,
    UNREADABLE,
    Questions,
    Scored,
    score_meaningless,
    score_nonsense,
    score_written,
    score_wrong,
    tally,
)


def report(title: str, scored: list[Scored], good: str, verdicts: tuple[str, ...] = ()) -> None:
    """Print the number of answers with each verdict, and with `-v` those that are not `good`."""
    if not scored:
        return
    counts = tally(scored)
    each = ", ".join(f"{verdict} {counts[verdict]}" for verdict in (*verdicts, *sorted(set(counts) - set(verdicts))))
    print(f"{title}: {len(scored)}; {each}")
    if "-v" in sys.argv[1:]:
        for one in scored:
            if one.verdict != good:
                print(f"  {one}")


questions = Questions()
for name, exam in EXAMS.items():
    report(f"{name} exam: wrong answers", list(score_wrong(questions, exam)), FIRST, NAMINGS)
    report(f"{name} exam: odd notations", list(score_written(questions, exam)), READ, (READ,))
    report(f"{name} exam: answers that mean nothing", list(score_meaningless(questions, exam)), UNREADABLE)
report("numbers without reasoning", list(score_nonsense(questions)), UNNAMED, (UNNAMED,))

chances = [by_chance(spec, path) for spec, path in COUNTS]
named, drawn = sum(chance.named for chance in chances), sum(chance.drawn for chance in chances)
most = max(chances, key=lambda chance: chance.named)
print(f"random numbers: {named} of {drawn:,} named, at most {most.named} of {most.drawn:,}: {most.path} of {most.spec}")
