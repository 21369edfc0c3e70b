"""Arrays as people write them, and texts that are none."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from cnncalc.forward import literal
from cnncalc.forward.literal import MAX_CHARACTERS, MAX_DEPTH, ArrayError, arrays_of, read_array, read_arrays
from tests.together import for_each

# What is written, and the array: Python's brackets, NumPy's print, MATLAB's rows.
WRITTEN = [
    ("[[1, 0], [4, 6]]", [[1, 0], [4, 6]]),
    ("[[1 0]\n [4 6]]", [[1, 0], [4, 6]]),  # print(np.array([[1, 0], [4, 6]]))
    ("[[1. .5]\n [-.25 6.]]", [[1, 0.5], [-0.25, 6]]),
    ("[ 1 , 0 ]", [1, 0]),
    ("[1 0; 4 6]", [[1, 0], [4, 6]]),  # MATLAB
    ("[1, 0; 4, 6]", [[1, 0], [4, 6]]),
    ("[+1 -2 +.5]", [1, -2, 0.5]),
    ("[1e3, 2.5e-1]", [1000, 0.25]),
    ("[[1][2]]", [[1], [2]]),
    ("7", 7),
    ("-0.5", -0.5),
    ("[1" + " " * 100_000 + "2]", [1, 2]),  # read in one pass: twice the blanks take twice the time
    ("[[[1], [2]], [[3], [5]]]", [[[1], [2]], [[3], [5]]]),
]  # fmt: skip


@for_each(("text", "expected"), WRITTEN)
def test_an_array_as_it_is_written(text: str, expected: object) -> None:
    found = read_array(text, "data")
    assert (found.tolist(), found.dtype) == (expected, np.float64)


def test_weights_by_name() -> None:
    found = read_arrays('{"kernel": [[1, 2]], "bias": [3]}')
    assert isinstance(found, dict)
    assert {name: array.tolist() for name, array in found.items()} == {"kernel": [[1, 2]], "bias": [3]}


# A text that holds no array, and what is said of it.
WRONG = [
    ("[[1, 2], [3]]", "the rows have different lengths"),
    ("[]", "the array is empty"),
    ("[[], []]", "the array is empty"),
    ('["a"]', '"a" is not a number'),
    ("[true]", "true is not a number"),
    ("[null, 1]", "null is not a number"),
    ("[1e301]", "a number is larger than 1e+300, the largest allowed here"),
    ("[-1e301]", "a number is larger than 1e+300, the largest allowed here"),
    ("[1; [2]]", '"[1; [2]]" is not an array such as [[1, 0], [4, 6]]'),
    ("x" * 60, f'"{"x" * 60}" is not an array such as [[1, 0], [4, 6]]'),
    ("x" * 61, f'"{"x" * 57}..." is not an array such as [[1, 0], [4, 6]]'),
    ("[" * MAX_DEPTH + "[1]" + "]" * MAX_DEPTH, "lists nested deeper than 32"),
    ('{"a": [1]}', "data must be one array such as [[1, 0], [4, 6]], not a mapping of names to arrays"),
]


@for_each(("text", "message"), WRONG)
def test_a_text_that_holds_no_array(text: str, message: str) -> None:
    with pytest.raises(ArrayError) as error:
        read_array(text, "data")
    assert message in str(error.value)


def test_the_limits_themselves_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """32 axes, 1e300, and as many characters as the limit says: 10 MiB."""
    assert read_array("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH, "data").ndim == 32
    assert read_array("[1e300, -1e300]", "data").tolist() == [1e300, -1e300]
    with pytest.raises(ArrayError, match=r"has 10,485,761 characters; put more than 10,485,760 into a \.npy file"):
        read_array("1" * (MAX_CHARACTERS + 1), "data")
    monkeypatch.setattr(literal, "MAX_CHARACTERS", 5)
    assert read_array("[1,2]", "data").tolist() == [1, 2]


def test_a_name_of_a_file_that_is_no_array(tmp_path: Path) -> None:
    """A file that exists gets the hint that its ending decides."""
    path = tmp_path / "a.txt"
    path.write_text("1 2", encoding="utf-8")
    with pytest.raises(ArrayError, match=r"a file must end in \.npy or \.csv"):
        read_array(str(path), "data")


def saved(array: np.ndarray) -> bytes:
    """The bytes of a NumPy file."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


WHOLE = saved(np.array([[1, 2, 3], [5, 7, 11]], np.int16))

# The bytes of a .npy file, and the array, or what is said of it.
FILES = [
    (WHOLE, [[1, 2, 3], [5, 7, 11]]),
    (saved(np.asfortranarray([[1.5, 2], [3, 4]])), [[1.5, 2], [3, 4]]),  # written column by column
    (saved(np.array([True, False])), [1, 0]),
    (saved(np.array(2.5, np.float16)), 2.5),
    (saved(np.array([1 + 2j])), "it contains complex128, not numbers"),
    (saved(np.array(["a"])), "it contains <U1, not numbers"),
    (saved(np.array([{}], object)), "it contains object, not numbers"),
    (saved(np.zeros((3, 0))), "contains no numbers"),
    (WHOLE[:-2], "its header requires 12 bytes of numbers, but 10 follow"),
    (WHOLE + b"..", "its header requires 12 bytes of numbers, but 14 follow"),
    (WHOLE[:6] + b"\x03\x00" + WHOLE[8:], "version 3.0 of the format"),
    (b"no file of NumPy's", "is not a NumPy file of plain numbers"),
]


@pytest.mark.parametrize(("data", "expected"), FILES)
def test_a_numpy_file(tmp_path: Path, data: bytes, expected: object) -> None:
    path = tmp_path / "a.NPY"
    path.write_bytes(data)
    if not isinstance(expected, str):
        assert read_array(str(path), "data").tolist() == expected
        return
    with pytest.raises(ArrayError) as error:
        read_array(str(path), "data")
    assert expected in str(error.value)


# A table's file name, its text, and the array, or what is said of it.
TABLES = [
    ("a.csv", "1,2,3\n5,7,11\n", [[1, 2, 3], [5, 7, 11]]),
    ("a.CSV", "\ufeff1,2\n", [[1, 2]]),  # a mark of byte order, as spreadsheets write it
    ("a.tsv", "1\t2\n3\t5\n", [[1, 2], [3, 5]]),
    ("a.csv", "1,2\n3\n", "is not a table of numbers"),
    ("a.csv", "a,b\n", "is not a table of numbers"),
    ("a.tsv", "1,2\n", "is not a table of numbers"),
    ("a.csv", "# a remark\n", "contains no numbers"),
    ("a.csv", "# a remark\n1,2 # another\n", [[1, 2]]),
    ("a.csv", "", "contains no numbers"),
]


@pytest.mark.parametrize(("name", "text", "expected"), TABLES)
def test_a_table_of_numbers(tmp_path: Path, name: str, text: str, expected: object) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    if not isinstance(expected, str):
        assert read_array(str(path), "data").tolist() == expected
        return
    with pytest.raises(ArrayError, match=expected):
        read_array(str(path), "data")


def test_a_hint_for_a_file_of_another_type(tmp_path: Path) -> None:
    """A file is named by its ending; a text that is no file gets no hint about files."""
    file = tmp_path / "weights.txt"
    file.write_text("1 2\n")
    with pytest.raises(ArrayError, match=r"must end in \.npy or \.csv"):
        read_array(str(file), "data")
    with pytest.raises(ArrayError, match=r"is not an array such as \[\[1, 0\], \[4, 6\]\]$"):
        read_array("weights", "data")


def test_reasons_are_short(tmp_path: Path) -> None:
    """Two hundred characters of what NumPy says of a file are shown."""
    header = f"{{'descr': '{'x' * 300}', 'fortran_order': False, 'shape': (1,)}}\n".encode()
    path = tmp_path / "a.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(ArrayError) as error:
        read_array(str(path), "data")
    assert len(str(error.value).partition(" numbers: ")[2]) == 200


def test_the_limits_of_data() -> None:
    """A file of 256 MiB, a text of 10 MiB, 32 axes, numbers up to 1e300."""
    assert (literal.MAX_FILE_BYTES, literal.MAX_CHARACTERS, literal.MAX_DEPTH) == (256 * 1024**2, 10 * 1024**2, 32)
    assert read_array("1e300", "data") == 1e300
    with pytest.raises(ArrayError, match=r"a number is larger than 1e\+300"):
        read_array("1.1e300", "data")


def test_numbers_that_are_no_text() -> None:
    """Lists, tuples and NumPy arrays, also inside of one another, and by name."""
    for value in ([[1, 2], [3, 5]], ((1, 2), (3, 5)), np.array([[1, 2], [3, 5]]), [np.array([1, 2]), (3, np.int64(5))]):
        found = arrays_of(value)
        assert isinstance(found, np.ndarray)
        assert found.tolist() == [[1, 2], [3, 5]]
    named = arrays_of({"a": (1, 2), "b": np.array([3.5])})
    assert isinstance(named, dict)
    assert {name: array.tolist() for name, array in named.items()} == {"a": [1, 2], "b": [3.5]}
