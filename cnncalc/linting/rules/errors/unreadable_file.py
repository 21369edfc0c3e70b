"""The rule E106, `unreadable_file`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class UnreadableFile(Diagnosed):
    """A file cannot be read.

    There is no file, folder or bundled spec of that name, or it may not be opened. The other files are still
    checked.
    """

    code = "E106"
    name = "unreadable_file"
    bad = "no_such_folder/no_such_spec.yaml"
    good = "quiz"
    reason = "A check that passes over what it cannot read would pass for the wrong reason."
    sources = ("docs/language.md",)
