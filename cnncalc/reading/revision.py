"""A file as git has it at a revision: `git:HEAD~1:specs/net.yaml`, read with `git cat-file`.

`cat-file` takes the name of an object and nothing else: patterns, path specifications and options mean nothing to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError

if TYPE_CHECKING:
    from subprocess import CompletedProcess

PREFIX = "git:"
_FORM = "write git:REVISION:PATH, such as git:HEAD~1:specs/net.yaml; a path that begins with ./ starts at this folder"


def read_revision(reference: str, most_bytes: int) -> bytes:
    """The bytes of the file that `git:REVISION:PATH` names, at most one more than `most_bytes`.

    The path counts from the top of the repository, or from the current folder where it begins with `./`, as git has
    it; an empty revision means the index. Raises SpecError (E106) with git's own words for what cannot be read.
    """
    wanted = reference.removeprefix(PREFIX)
    revision, colon, path = wanted.partition(":")
    searches = not revision and path.startswith("/")  # `:/text` is git's search among messages
    if not colon or not path or searches or revision.startswith("-") or "\0" in wanted:
        raise _unreadable(reference, f'"{reference}" names no file of a revision', _FORM)
    data, words = _shown(reference, wanted, most_bytes)
    if words is None:
        return data
    if _asked("cat-file", "-t", wanted).stdout.strip() == b"tree":  # `cat-file blob` only calls it a bad file
        raise _unreadable(reference, f'"{path}" is a folder', "name a file inside it")
    resolved = _asked("rev-parse", wanted).stderr.decode(
        "utf-8", "replace"
    )  # of some wrong names it knows the right one
    message, hint = _told(resolved if "hint:" in resolved else words)
    raise _unreadable(reference, message, hint)


def _shown(reference: str, wanted: str, most_bytes: int) -> tuple[bytes, str | None]:
    """What git prints, and what it complains of where it fails."""
    import subprocess

    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(
            ["git", "cat-file", "blob", wanted], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        hint = "install git, or name a file" if isinstance(error, FileNotFoundError) else ""
        raise _unreadable(reference, f"git cannot be run: {error.strerror}", hint) from None
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        data = process.stdout.read(most_bytes + 1)
        if len(data) > most_bytes:
            process.kill()  # the rest of a file beyond the limit is not waited for
            return data, None
        words = process.stderr.read().decode("utf-8", "replace")
    return data, words if process.returncode else None


def _asked(*arguments: str) -> CompletedProcess[bytes]:
    """A question to git whose answer is short."""
    import subprocess

    return subprocess.run(["git", *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _told(words: str) -> tuple[str, str]:
    """Git's complaint as a message and a hint."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    hints = [line.removeprefix("hint:").strip() for line in lines if line.startswith("hint:")]
    said = [line.removeprefix("fatal:").strip() for line in lines if not line.startswith("hint:")]
    return "git: " + (" ".join(said) or "no reason given"), " ".join(hints)


def _unreadable(reference: str, message: str, hint: str) -> SpecError:
    return SpecError([Diagnostic("E106", message, Span(Source(reference, ""), 0, 0), hint=hint)])
