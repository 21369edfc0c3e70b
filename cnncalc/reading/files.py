"""Reading a command's additional files, limited in size and without waiting for pipes."""

from __future__ import annotations

import os
import stat

from cnncalc.number_text import thousands

MOST_BYTES = 10 * 1024 * 1024
"""The maximum size of such a file: a configuration, a baseline, a `.gitignore`."""


class UnusableFileError(OSError):
    """Raised for a path that is not a regular file of a usable size; `strerror` is the reason."""


def read_file(path: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file. Raises OSError; UnusableFileError for a pipe, a device, or a large file."""
    with open(path, "rb", opener=open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnusableFileError(22, "it is a pipe or a device, not a file", path)
        data = file.read(most + 1)
    if len(data) > most:
        raise UnusableFileError(27, f"it is larger than {thousands(most)} bytes", path)
    return data


def open_at_once(path: str, flags: int) -> int:
    """An opener for `open` that does not wait for the other end of a named pipe."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)  # once it is open, reading waits for an existing writer
    return descriptor
