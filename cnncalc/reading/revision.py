"""A file at a git revision, `git:HEAD~1:specs/net.yaml`, read with `git cat-file`.

`cat-file` accepts only the name of an object: patterns, path specifications and options have no meaning in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError

if TYPE_CHECKING:
    from subprocess import CompletedProcess

PREFIX = "git:"
_FORM = (
    "write git:REVISION:PATH, such as git:HEAD~1:specs/net.yaml; a path that begins with ./ is relative to this folder"
)


def read_revision(reference: str, most_bytes: int) -> bytes:
    """The bytes of the file `git:REVISION:PATH`, at most one more than `most_bytes`.

    As in git, the path is relative to the root of the repository, or to the current folder if it begins with `./`; an
    empty revision is the index. Raises SpecError (E106) with git's own message if the file cannot be read.
    """
    wanted = reference.removeprefix(PREFIX)
    revision, colon, path = wanted.partition(":")
    searches = not revision and path.startswith("/")  # `:/text` is git's search in commit messages
    if not colon or not path or searches or revision.startswith("-") or "\0" in wanted:
        raise _unreadable(reference, f'"{reference}" is not a file of a revision', _FORM)
    data, words = _shown(reference, wanted, most_bytes)
    if words is None:
        return data
    if _asked("cat-file", "-t", wanted).stdout.strip() == b"tree":  # `cat-file blob` only reports a bad file
        raise _unreadable(reference, f'"{path}" is a folder', "name a file inside it")
    resolved = _asked("rev-parse", wanted).stderr.decode(
        "utf-8", "replace"
    )  # for some wrong names it suggests the right one
    message, hint = _message_and_hint(resolved if "hint:" in resolved else words)
    raise _unreadable(reference, message, hint)


def _shown(reference: str, wanted: str, most_bytes: int) -> tuple[bytes, str | None]:
    """The output of git, and its error message if it fails."""
    import subprocess

    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(
            ["git", "cat-file", "blob", wanted], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        hint = "install git, or give a file" if isinstance(error, FileNotFoundError) else ""
        raise _unreadable(reference, f"git cannot be run: {error.strerror}", hint) from None
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        data = process.stdout.read(most_bytes + 1)
        if len(data) > most_bytes:
            process.kill()  # do not wait for the rest of a file beyond the limit
            return data, None
        words = process.stderr.read().decode("utf-8", "replace")
    return data, words if process.returncode else None


def _asked(*arguments: str) -> CompletedProcess[bytes]:
    """A git command with a short output."""
    import subprocess

    return subprocess.run(["git", *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _message_and_hint(words: str) -> tuple[str, str]:
    """Git's error output as a message and a hint."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    hints = [line.removeprefix("hint:").strip() for line in lines if line.startswith("hint:")]
    said = [line.removeprefix("fatal:").strip() for line in lines if not line.startswith("hint:")]
    return "git: " + (" ".join(said) or "no reason given"), " ".join(hints)


def _unreadable(reference: str, message: str, hint: str) -> SpecError:
    return SpecError([Diagnostic("E106", message, Span(Source(reference, ""), 0, 0), hint=hint)])
