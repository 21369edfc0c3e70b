"""Hostile texts end in an answer after little work and 200 MB, in a process of their own so that a crash shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LENGTH = 1 << 18
BEGINNING = 1 << 12
"""How many characters of each text are read once more, to count the lines of Python that this takes."""
MOST_LINES = 2_000_000
"""A bound on work of any kind: a search of all open brackets at each one takes ten millions."""

SCRIPT = """
import json, resource, sys
from cnncalc.diagnostics import Source
from cnncalc.reading.inline import expand_item, read_inline
from cnncalc.reading.items import split_item
from cnncalc.reading.nodes import Scalar
from cnncalc.reading.yaml_reader import read_yaml
from tests.work import lines_run

def read(reader, text):
    if reader == "inline":
        return read_inline(Source("t", "5x7 -> " + text))[1]
    if reader == "item":
        node = Scalar(Source("t", text), 0, len(text), text)
        split_item(node)
        return expand_item(node)[1]
    return read_yaml(Source("t", text), parser=reader)[1]

beginning = int(sys.argv[1])
for line in sys.stdin:
    reader, text = json.loads(line)
    found = read(reader, text)
    lines = lines_run(lambda: read(reader, text[:beginning]))
    try:  # Linux counts the parent's memory in ru_maxrss, but not in VmHWM
        with open("/proc/self/status") as status:
            megabytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
    print(json.dumps([found[0].code if found else "fine", lines, megabytes]), flush=True)
"""

NINES = [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)]
LAUGHS = "a0: &a0 [" + ",".join("x" * 9) + "]\n" + "".join(NINES)
LADDER = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 5000))
STAIRS = "".join(" " * level + "a:\n" for level in range(1400))

CASES = [
    *(
        (parser, text, code)
        for parser in ("c", "python")
        for text, code in [
            (LAUGHS, "E103"),
            (LADDER, "E103"),
            (STAIRS, "E103"),
            ("[" * LENGTH, "E103"),
            ("[\n" * (LENGTH // 2), "E103"),
            ("{" * LENGTH, "E107"),
            ("{a: " * (LENGTH // 4), "E103"),
            ("- " * (LENGTH // 2), "E103"),
            ("? " * (LENGTH // 2), "E107"),
            ("&a " * (LENGTH // 3), "E101"),
        ]
    ),
    ("inline", "(" * LENGTH, "E103"),
    ("inline", "add(" * (LENGTH // 4), "E103"),
    ("inline", "[" * LENGTH, "E110"),
    ("inline", "${" * (LENGTH // 2), "E110"),
    ("item", "(" * LENGTH, "E103"),
    ("item", "[" * LENGTH, "fine"),
    ("item", "${" * (LENGTH // 2), "fine"),
    ("item", "'" * LENGTH, "fine"),
]


@pytest.fixture(scope="module")
def measured() -> list[tuple[str, int, float]]:
    """For each case the first code, the lines of its beginning, the megabytes so far; a crash ends the list."""
    command = [sys.executable, "-c", SCRIPT, str(BEGINNING)]
    given = "".join(json.dumps(case[:2]) + "\n" for case in CASES)
    run = subprocess.run(
        command, input=given, capture_output=True, text=True, check=False, timeout=600, cwd=Path(__file__).parents[2]
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[f"{reader}-{text[:8]!r}-{code}" for reader, text, code in CASES]
)
def test_bounds(number: int, measured: list[tuple[str, int, float]]) -> None:
    """No text of 256 kB crashes the interpreter, runs two million lines of Python, or takes 200 MB."""
    code, lines, megabytes = measured[number]
    assert code == CASES[number][2]
    assert lines < MOST_LINES
    assert megabytes < 200
