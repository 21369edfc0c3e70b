"""Forty broken programs as people post them in forums, and their corrections.

In `forum.txt`, `<<sound||broken>>` are both forms of a place. PyTorch 2.13 refuses each broken program, and runs each
sound one. A title names the code of the only error, its position and text, and the sizes that PyTorch's message has.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cnncalc
from tests.source.programs import programs
from tests.sweeps import sampled

SNIPPETS = {title.split(" | ")[0]: (title.split(" | ")[1:], text) for title, text in programs("forum.txt").items()}
_FORMS = re.compile(r"<<(.*?)\|\|(.*?)>>")


def errors(folder: Path, text: str) -> list[cnncalc.Finding]:
    path = folder / "net.py"
    path.write_text(text, encoding="utf-8")
    return [finding for finding in cnncalc.lint(str(path)) if finding.severity == "error"]


@pytest.mark.parametrize("title", sampled(list(SNIPPETS), every=3))
def test_the_mistake_is_found_at_its_argument(title: str, tmp_path: Path) -> None:
    """There is one error, at the argument or operation that is wrong, with both sizes; none after the correction."""
    (place, sizes), text = SNIPPETS[title]
    broken = _FORMS.sub(r"\2", text)
    (error,) = errors(tmp_path, broken)
    code, position, written = place.split(" ", 2)
    assert (error.code, f"{error.line}:{error.column}") == (code, position)
    assert broken.splitlines()[error.line - 1][error.column - 1 :].startswith(written)
    assert set(re.findall(r"\d+", sizes)) <= set(re.findall(r"\d+", error.message))
    assert errors(tmp_path, _FORMS.sub(r"\1", text)) == []


def test_there_are_forty() -> None:
    """No title hides another one."""
    assert len(SNIPPETS) == 40


WAYS_OUT = {
    "flatten forgotten before the classifier": "flatten it before, as in torch.flatten(x, 1), which gives 1152",
    "Conv1d on a sequence with features last": "move the axis of 40 there, as in x.transpose(1, 2); or write 100",
    "channels-last images from numpy": "move the axis of 3 there, as in x.permute(0, 3, 1, 2); or write 224",
    "MNIST, the flatten size guessed": "write 1568",
}


@pytest.mark.parametrize("title", WAYS_OUT)
def test_a_forgotten_operation_is_named(title: str, tmp_path: Path) -> None:
    """The hint is the operation whose result would have the declared size, if there is one."""
    (error,) = errors(tmp_path, _FORMS.sub(r"\2", SNIPPETS[title][1]))
    assert error.hint.startswith(WAYS_OUT[title])
