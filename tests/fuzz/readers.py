"""A fuzzer of the readers: `python -m tests.fuzz.readers 600` runs ten minutes, `--atheris` guided by coverage.

Inputs are seeds (the bundled specs, the documents' examples, lines of every kind) that are cut, joined, and strewn with
words of the language and signs of YAML. It fails for whatever is no SpecError, takes longer than five seconds, or
asks for more than two gigabytes, and prints the input.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.fuzz.targets import ROOT, SEEN, TARGETS

MOST_SECONDS = 5
MOST_MEMORY = 2 << 30

WORDS = re.findall(
    r"\S+",
    """
    -> | ( ) *3 conv conv2d relu max_pool flatten dense add concat dropout softmax batch_norm lstm split reshape
    slice custom opaque time_distributed identity name=a from=a from=a,b kernel= stride=2 s2 p1 d2 g4 k3 3x3 1x1x1
    same valid full ${ } ${in.channels} ${i} ${1/0} ${2**99} ${a} input: layers: blocks: variables: variants:
    outputs: expect: budget: lint: repeat: when: share_weights: trainable: activation: parameters: branches:
    convention: layout: dtype: keras pytorch onnx caffe channels_first true false null ~ on no .inf -0 012 0x1f 1e3
    1_000 12:30 2024-01-01 99999999999999999999 [] {} [1,2] {a:1} - ? : , & * ! | > % @ ` ' " # --- ... &a *a !!int
    <<: \\t \\u0000 \ufeff \u202e × → é 𝕏 questions: parts: ask: find: such_that: answer: points: text: 14x14x20
    14×14×20 (None,14,14,20) 756,560 7.6e5 0.76M (8*8*3+1)*20 = == / % ^ student,a [tool.cnncalc.lint] select=["A"]
    [lint.budgets] "*.yaml"={params="5M"} rules per-file-ignores severity {"format":1,"findings":{}}
    """,
)
COMMENTS = ["# cnncalc: ignore[A101] why", "# cnncalc: ignore-file[ALL]", "# cnncalc: ignore", "lint: {ignore: A}"]
BYTES = [
    b"\0", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\r", b"\x85", b"\x1b[31m", b"\xc3",
    b"\xed\xa0\x80",
]  # fmt: skip
LINES = [
    "32x32x3 -> conv 20 8x8 s2 p1 relu -> max_pool 2 -> flatten -> dense 10",
    "8x8x3 -> add(conv 3 1x1 -> relu | identity) name=x -> (conv 4 3x3 same)*2 -> concat(relu | tanh) axis=1",
    "image: 6x6x3, mask: 6x6x1 -> multiply from=image,mask -> conv ${in.channels*2} 3 g${1} rounding=ceil",
    "14x14x20", "1,234 + (5*6)", "[3, 4, 6, 3]", "classes=[1, [2, x]]", "student,o,total.params\nada,6x6x4,112\n",
    "[tool.cnncalc.lint]\nselect = ['A']\n[tool.cnncalc.lint.budgets]\n'*.yaml' = {params = '5M'}\n",
    '{"format": 1, "findings": {"a.yaml": [{"code": "A101", "layer": "a", "message": "m", "count": 1}]}}',
]  # fmt: skip


@cache
def seeds() -> list[bytes]:
    """What inputs grow from: specs, the documents' examples, lines."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "specs").glob("*.yaml"))]
    for path in sorted((ROOT / "docs").glob("*.md")):
        texts += re.findall(r"```(?:yaml|toml|csv|json)\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    return [text.encode() for text in (*texts, *LINES)]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One change of an input."""
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((0, 1, 2, 5, 20, 200)))
    match rng.randrange(9):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:start]
        case 2 | 3:
            return (
                data[:start]
                + rng.choice(("", " ", "\n")).encode()
                + rng.choice((*WORDS, *COMMENTS)).encode()
                + data[start:]
            )
        case 4:
            return data[:start] + rng.choice(BYTES) + data[end:]
        case 5:
            return data[:start] + data[start:end] * rng.choice((2, 3, 50)) + data[end:]
        case 6:
            other = rng.choice(seeds())
            cut = rng.randrange(len(other) + 1)
            return data[:start] + other[cut : cut + rng.choice((10, 100, 1000))] + data[end:]
        case 7:
            numbers = list(re.finditer(rb"\d+", data)) or [re.match(b"", data)]
            found = rng.choice(numbers)
            assert found is not None
            number = rng.choice((b"0", b"1", b"2", b"-1", b"7", b"1000000", b"1e9", b"9" * 30, b"0.5"))
            return data[: found.start()] + number + data[found.end() :]
        case _:
            lines = data.split(b"\n")
            one, other_line = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[one], lines[other_line] = lines[other_line], lines[one]
            return b"\n".join(lines)


def inputs(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Inputs without end, each with the name of its target; most are specs."""
    while True:
        data = rng.choice(seeds())
        if len(data) > 3_000 and rng.random() < 0.7:
            data = data[: rng.randrange(3_000)]
        for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
            data = mutated(data, rng)
        yield ("spec" if rng.random() < 0.6 else rng.choice(list(TARGETS))), data


def try_one(target: str, data: bytes, most: float = MOST_SECONDS, **options: str) -> None:
    """Give an input to a target, and take it back after so many seconds."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, most)
    try:
        TARGETS[target](data, **options)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _too_long(*_: object) -> None:
    raise TimeoutError("an input took too long")


def run(seconds: float, seed: int, most: int = 1 << 60) -> tuple[int, dict[str, str]]:
    """Try inputs for so long; the number tried, and for each place that failed an input that makes it fail."""
    begun = time.monotonic()
    failures: dict[str, str] = {}
    for tried, (target, data) in enumerate(inputs(random.Random(seed)), 1):
        try:
            try_one(target, data)
        except Exception as error:  # whatever it is, it is a mistake of the program's
            last = traceback.extract_tb(error.__traceback__)[-1]
            failures.setdefault(
                f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})", f"{target}: {data!r}"
            )
        if time.monotonic() - begun >= seconds or tried == most:
            break
    return tried, failures


def run_guided(seconds: float, seed: int) -> None:
    """The same by atheris, which goes on from inputs that reach new code; the first byte chooses the target."""
    import atheris  # type: ignore[import-not-found, unused-ignore]

    atheris.instrument_all()
    names = list(TARGETS)

    def one(data: bytes) -> None:
        try_one(names[data[0] % len(names)] if data else "spec", data[1:], 10 * MOST_SECONDS)  # watched, code is slow

    corpus = Path(_corpus(names))
    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}", f"-seed={seed}", "-max_len=4000", str(corpus)], one)
    atheris.Fuzz()


def _corpus(names: list[str]) -> str:
    folder = tempfile.mkdtemp(prefix="cnncalc-corpus-")
    for place, data in enumerate(seeds()):
        for index in range(len(names)):
            Path(folder, f"{place}-{index}").write_bytes(bytes([index]) + data)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--atheris", action="store_true")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    if options.atheris:
        run_guided(options.seconds, options.seed)
    tried, failures = run(options.seconds, options.seed)
    for failure, data in failures.items():
        print(f"{failure}\n    {data}\n")
    told = ", ".join(f"{code} {count:,}" for code, count in sorted(SEEN.items()))
    print(f"{tried:,} inputs, {len(failures)} failures; told: {told}")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
