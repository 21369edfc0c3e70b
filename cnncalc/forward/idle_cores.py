"""The number of threads of NumPy's matrix products, which fits the cores that are idle."""

from __future__ import annotations

import os
import sys
from ctypes import CDLL
from importlib import import_module

_NUMBERS_OF_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""The variables that NumPy's libraries of products read once, when NumPy is imported."""

_THREADS_OF_LIBRARIES = (
    "scipy_openblas_get_num_threads64_", "scipy_openblas_get_num_threads", "openblas_get_num_threads64_",
    "openblas_get_num_threads", "MKL_Get_Max_Threads",
)  # fmt: skip
"""The functions that return a number of threads: OpenBLAS in NumPy's wheels and in distributions, and MKL."""


def import_numpy() -> None:
    """Import NumPy with as many threads as there are idle cores, unless the environment states a number.

    The threads of a product wait for each other several times. A thread that shares its core with another program is
    late each time, so that two threads can take many times as long as one. The environment is unchanged afterwards.
    """
    if "numpy" in sys.modules or any(name in os.environ for name in _NUMBERS_OF_THREADS):
        return
    threads = str(max(1, _cores() - other_running_threads("/proc/loadavg")))
    os.environ.update(dict.fromkeys(_NUMBERS_OF_THREADS, threads))
    try:
        import numpy  # noqa: F401
    finally:
        for name in _NUMBERS_OF_THREADS:
            del os.environ[name]


def threads_of_products() -> int:
    """The number of threads that a matrix product of the imported NumPy uses; 1 if its library does not state it.

    It is asked each time, because programs limit it while they run, as threadpoolctl does.
    """
    try:
        library = CDLL(import_module("numpy.linalg.lapack_lite").__file__)
    except (ImportError, OSError):
        return 1
    functions = (getattr(library, name, None) for name in _THREADS_OF_LIBRARIES)
    return next((int(function()) for function in functions if function is not None), 1)


def _cores() -> int:
    """The number of cores that the process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def other_running_threads(path: str) -> int:
    """The number of threads of the whole system that run or wait for a core, except this one; 0 if it is not known.

    The file's fourth field is `running/all`.
    """
    try:
        with open(path, encoding="ascii") as file:
            return max(0, int(file.read().split()[3].partition("/")[0]) - 1)
    except (OSError, ValueError, IndexError):
        return 0
