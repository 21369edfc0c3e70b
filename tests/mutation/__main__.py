"""Runs a sample of mutants and reports those that no test notices.

    python -m tests.mutation --files 'cnncalc/kernels/*.py' --count 24 --seed 2

Each line is a mutant: its place, the expression, and what it is changed to. The exit code is 1 where one survives.
Nothing in the working tree is changed: the tests run in a copy. It needs Linux or macOS.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.mutation.equivalents import equivalents
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.running import ROOT, Project

CORE = ("arithmetic", "kernels", "graph", "analysis", "homework", "forward", "layers")


def sample(patterns: list[str], count: int, seed: int) -> list[tuple[str, Mutant]]:
    """`count` mutants of the files, taken from one file after the other; one of each line before two of any."""
    random = Random(seed)
    files = sorted({path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern)})
    random.shuffle(files)
    queues = [shuffled(file, random) for file in files[:count]]
    rounds = (found for place in range(count) for queue in queues for found in queue[place : place + 1])
    return [found for _, found in zip(range(count), rounds, strict=False)]


def shuffled(file: str, random: Random) -> list[tuple[str, Mutant]]:
    """The mutants of a file without the listed equivalents, in a random order, those of new lines first."""
    known = [one for one in equivalents() if one.file == file]
    found = [
        mutant
        for mutant in mutants((ROOT / file).read_text(encoding="utf-8"))
        if not any(one.covers(file, mutant) for one in known)
    ]
    random.shuffle(found)
    seen: dict[int, int] = {}
    repeats = []
    for mutant in found:
        seen[mutant.line] = seen.get(mutant.line, -1) + 1
        repeats.append(seen[mutant.line])
    return [(file, mutant) for _, mutant in sorted(zip(repeats, found, strict=True), key=lambda pair: pair[0])]


def run(chosen: list[tuple[str, Mutant]], seconds: int, minutes: float) -> Iterator[tuple[str, Mutant, bool]]:
    """Each mutant and whether it survives, until the time is over."""
    end = time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory(prefix="cnncalc-mutants-") as folder:
        project = Project(Path(folder), chosen)
        for file, mutant in chosen:
            if time.monotonic() > end:
                return
            yield file, mutant, project.survives(file, mutant, seconds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", nargs="+", default=[f"cnncalc/{folder}/**/*.py" for folder in CORE], metavar="GLOB")
    parser.add_argument("--count", type=int, default=72, help="number of mutants (default: 72)")
    parser.add_argument("--seed", type=int, default=1, help="which sample (default: 1)")
    parser.add_argument("--seconds", type=int, default=120, help="processor's time of one run of tests (default: 120)")
    parser.add_argument("--minutes", type=float, default=30, help="limit of the whole (default: 30)")
    given = parser.parse_args()
    ran = survived = 0
    for file, mutant, survives in run(sample(given.files, given.count, given.seed), given.seconds, given.minutes):
        ran, survived = ran + 1, survived + survives
        print(f"{'SURVIVED' if survives else 'killed':8} {file}:{mutant.line}: {mutant}", flush=True)
    print(f"{ran - survived} of {ran} mutants killed")
    return int(survived > 0)


if __name__ == "__main__":
    raise SystemExit(main())
