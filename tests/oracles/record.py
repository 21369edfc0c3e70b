"""Records what the frameworks say, so that every run can check it without them: `python -m tests.oracles.record`.

Writes tests/data/oracle_CONVENTION.jsonl for each framework that is installed (or named on the command line): one case
and its verdict a line. Of more cases than are kept, those come first whose layer, fields, rank and verdict were not
seen together before.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.oracles.cases import CONVENTIONS, Case, Verdict, case, key
from tests.oracles.comparing import ours
from tests.oracles.deviations import Deviation, deviation, known
from tests.oracles.frameworks import missing, module

DATA = Path(__file__).parent.parent / "data"
KEPT = 2000
DRAWN = 6000
MOST_DRAWN = 200_000
SEED = 7


def kind(case: Case, verdict: Verdict) -> str:
    """What makes a case like another: layer, ranks, fields given, words among them, deviation, refused or not."""
    ranks = sorted({len(shape) for shape in case["inputs"]})
    words = [value for value in case["fields"].values() if isinstance(value, str)]
    known = deviation(case)
    outcome = ("accepted" if verdict["shape"] else "refused", known.name if known else "")
    return " ".join([case["layer"], *map(str, ranks), *sorted(case["fields"]), *words, *outcome])


def chosen(found: list[tuple[Case, Verdict]]) -> list[tuple[Case, Verdict]]:
    """At most KEPT of the findings: the first of each kind, then the others, in the order in which they were drawn."""
    first: dict[str, int] = {}
    for place, (drawn, verdict) in enumerate(found):
        first.setdefault(kind(drawn, verdict), place)
    leading = set(first.values())
    order = sorted(leading) + [place for place in range(len(found)) if place not in leading]
    return [found[place] for place in sorted(order[:KEPT])]


def shows(one: Deviation, made: Case, verdict: Verdict) -> bool:
    """Whether a case is one of a deviation's, and lets it be seen."""
    return deviation(made) is one and (one.refuses == "nobody" or ours(made)["shape"] != verdict["shape"])


def record(convention: str) -> int:
    """Ask one framework about DRAWN cases and write down those that are kept; returns their number.

    For a deviation that none of them shows the draw goes on, up to MOST_DRAWN, until one does.
    """
    ask = module(convention).verdict
    drawn = {key(made): made for made in (case(convention, SEED, number) for number in range(DRAWN))}
    kept = chosen([(made, ask(made)) for made in drawn.values()])
    unseen = [
        one for one in known() if one.convention == convention and not any(shows(one, *finding) for finding in kept)
    ]
    for made in (case(convention, SEED, number) for number in range(DRAWN, MOST_DRAWN)):
        one = deviation(made) if unseen else None
        if one in unseen and shows(one, made, verdict := ask(made)):
            kept.append((made, verdict))
            unseen.remove(one)
    lines = [
        json.dumps({**{name: made[name] for name in ("layer", "inputs", "fields")}, **verdict}, ensure_ascii=False)
        for made, verdict in kept
    ]
    (DATA / f"oracle_{convention}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(kept)


def recorded(convention: str) -> list[tuple[Case, Verdict]]:
    """The cases and verdicts on file."""
    found = []
    for line in (DATA / f"oracle_{convention}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        drawn = {"convention": convention, **{name: entry[name] for name in ("layer", "inputs", "fields")}}
        found.append((drawn, {name: entry[name] for name in ("shape", "params", "reason")}))
    return found


def main() -> None:
    for convention in CONVENTIONS:  # in this order: with TensorFlow imported first, Keras does not trace its layers
        if sys.argv[1:] and convention not in sys.argv[1:]:
            continue
        lacking = missing(convention)
        result = f"not installed: {', '.join(lacking)}" if lacking else f"{record(convention)} cases"
        print(f"{convention}: {result}")


if __name__ == "__main__":
    main()
