"""The command line. Every file here without a leading underscore is one command, named after it."""

from __future__ import annotations

COLLECTION_THRESHOLDS = (200_000, 20, 50)
"""A command keeps nearly all of its objects until it ends, so the garbage collector runs rarely."""


def main() -> None:
    """The `cnncalc` console script: runs a command and exits with 0 (fine), 1 (findings) or 2 (unusable)."""
    import atexit
    import gc
    import os
    import sys

    gc.set_threshold(*COLLECTION_THRESHOLDS)
    atexit.register(gc.freeze)  # and at the end, when the process frees everything at once, it has nothing to look at

    from cnncalc.cli._group import group

    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # None if the caller has closed it
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 (stays open to the end)
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show × or → shows ? instead of a traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    group(prog_name="cnncalc")
