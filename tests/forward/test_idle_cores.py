"""NumPy's threads fit the idle cores; the format of /proc/loadavg is that of proc(5)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnncalc.forward import idle_cores


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("0.20 0.18 0.12 1/80 11206\n", 0),
        ("0.20 0.18 0.12 3/80 11206\n", 2),
        ("0.20 0.18 0.12 0/80 11206\n", 0),
        ("0.20 0.18\n", 0),
        ("a b c d/e\n", 0),
    ],
)
def test_running_threads(tmp_path: Path, text: str, others: int) -> None:
    """This thread is one of those that run."""
    path = tmp_path / "loadavg"
    path.write_text(text)
    assert idle_cores.other_running_threads(str(path)) == others
    assert idle_cores.other_running_threads(str(tmp_path / "none")) == 0


@pytest.fixture
def unimported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NumPy is not imported, and its import gives a module with the number of threads that it reads."""
    (tmp_path / "numpy.py").write_text("import os\nTHREADS = os.environ.get('OPENBLAS_NUM_THREADS')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "numpy", None)  # so that undoing removes the module, too
    del sys.modules["numpy"]
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(idle_cores, "_cores", lambda: 4)


@pytest.mark.usefixtures("unimported")
@pytest.mark.parametrize(("others", "threads"), [(0, "4"), (1, "3"), (3, "1"), (9, "1")])
def test_a_thread_for_each_idle_core(monkeypatch: pytest.MonkeyPatch, others: int, threads: str) -> None:
    monkeypatch.setattr(idle_cores, "other_running_threads", lambda path: others)
    before = dict(os.environ)
    idle_cores.import_numpy()
    read = sys.modules["numpy"].THREADS
    assert read == threads
    assert dict(os.environ) == before


@pytest.mark.usefixtures("unimported")
def test_a_stated_number_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    idle_cores.import_numpy()
    assert "numpy" not in sys.modules


@pytest.mark.parametrize(("functions", "threads"), [({}, 1), ({"openblas_get_num_threads": 3}, 3)])
def test_the_threads_of_products(monkeypatch: pytest.MonkeyPatch, functions: dict[str, int], threads: int) -> None:
    """The number that the library states; 1 for a library without such a function."""
    library = SimpleNamespace(**{name: lambda number=number: number for name, number in functions.items()})
    monkeypatch.setattr(idle_cores, "CDLL", lambda path: library)
    assert idle_cores.threads_of_products() == threads


def test_no_library_of_products(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise OSError(path)

    monkeypatch.setattr(idle_cores, "CDLL", refuse)
    assert idle_cores.threads_of_products() == 1


def test_the_cores_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that this process may use; all, where the system does not say; one, where it says nothing."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {1, 2, 5} if process == 0 else {1}, raising=False)
    assert idle_cores._cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    for known, cores in ((6, 6), (None, 1)):
        monkeypatch.setattr(os, "cpu_count", lambda known=known: known)
        assert idle_cores._cores() == cores
