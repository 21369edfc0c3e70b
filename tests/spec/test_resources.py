"""Hostile texts end in an answer within a second and 200 MB, in a process of their own so that a crash shows."""

from __future__ import annotations

import subprocess
import sys

import pytest

MEGABYTE = 1 << 20
SCRIPT = """
import resource, sys, time
from cnncalc.diagnostics import Source
from cnncalc.spec.inline import expand_item, read_inline
from cnncalc.spec.items import split_item
from cnncalc.spec.nodes import Scalar
from cnncalc.spec.yaml_reader import read_yaml

reader = sys.argv[1]
text = sys.stdin.read()
import yaml
started = time.process_time()
if reader == "inline":
    diagnostics = read_inline(Source("t", "5x7 -> " + text))[1]
elif reader == "item":
    node = Scalar(Source("t", text), 0, len(text), text)
    split_item(node)
    diagnostics = expand_item(node)[1]
else:
    diagnostics = read_yaml(Source("t", text), parser=reader)[1]
seconds = time.process_time() - started
try:  # Linux counts the parent's memory in ru_maxrss, but not in VmHWM
    with open("/proc/self/status") as status:
        megabytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
except OSError:
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
print(diagnostics[0].code if diagnostics else "fine", seconds, megabytes)
"""

NINES = [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)]
LAUGHS = "a0: &a0 [" + ",".join("x" * 9) + "]\n" + "".join(NINES)
LADDER = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 5000))


def measured(reader: str, text: str) -> tuple[str, float, float]:
    """The first code, the seconds and the megabytes that a fresh process needs for a text."""
    command = [sys.executable, "-c", SCRIPT, reader]
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60)
    code, seconds, megabytes = run.stdout.split()
    return code, float(seconds), float(megabytes)


@pytest.mark.parametrize(
    ("reader", "text", "code"),
    [
        *(
            (parser, text, code)
            for parser in ("c", "python")
            for text, code in [
                (LAUGHS, "E103"),
                (LADDER, "E103"),
                ("[" * MEGABYTE, "E103"),
                ("{" * MEGABYTE, "E107"),
                ("{a: " * (MEGABYTE // 4), "E103"),
                ("- " * (MEGABYTE // 2), "E103"),
                ("? " * (MEGABYTE // 2), "E107"),
                ("&a " * (MEGABYTE // 3), "E101"),
            ]
        ),
        ("inline", "(" * MEGABYTE, "E103"),
        ("inline", "add(" * (MEGABYTE // 4), "E103"),
        ("inline", "[" * MEGABYTE, "E110"),
        ("inline", "${" * (MEGABYTE // 2), "E110"),
        ("item", "(" * MEGABYTE, "E103"),
        ("item", "[" * MEGABYTE, "fine"),
        ("item", "${" * (MEGABYTE // 2), "fine"),
        ("item", "'" * MEGABYTE, "fine"),
    ],
    ids=lambda value: repr(value[:8]),
)
def test_bounds(reader: str, text: str, code: str) -> None:
    """No text of a megabyte crashes the interpreter, takes a second, or takes 200 MB."""
    found, seconds, megabytes = measured(reader, text)
    assert found == code
    assert seconds < 1
    assert megabytes < 200
