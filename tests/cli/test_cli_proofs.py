"""The commands verify, apply, compare and zoo, as typed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]


def test_verify_confirms_a_model(run: Run) -> None:
    """A line per layer, the untied count, what the middle output sees, and the verdict."""
    done = run("verify", "32x32x3 -> conv 20 8x8 s2 p1", "--unshared", "--receptive-field")
    assert done.exit_code == 0
    assert "3,860 parameters  756,560 untied" in done.stdout
    assert "the middle output sees height 13 to 20, width 13 to 20" in done.stdout  # 7*2 - 1 = 13
    assert "The forward pass agrees: 1 layer, 3,860 parameters." in done.stdout


def test_verify_as_json(run: Run) -> None:
    """The same for machines."""
    found = json.loads(run("verify", "8x8x3 -> conv 2 3x3 -> relu", "--format", "json", "--batch", "2").stdout)
    assert found["agrees"] is True
    assert [layer["actual_shape"] for layer in found["layers"]] == [[6, 6, 2], [6, 6, 2]]


def test_verify_refuses_what_does_not_fit_into_memory(run: Run) -> None:
    """VGG-16 does not fit into a mebibyte: the figure, and what to do."""
    done = run("verify", "vgg16", "--max-memory", "1MiB")
    assert done.exit_code == 2
    assert "needs about" in done.stderr
    assert "more than 1.0 MiB: raise --max-memory" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["max_pool 2", "--data", "[[1,0],[4,6]]"], "6\n"),
        (["conv 1 2", "--data", "[1,2,3]", "--weights", "[10,1]"], "[12, 23]\n"),
        (["relu", "--data", "[[-1.5,2]]"], "[0, 2]\n"),
        (
            ["conv 1 2", "--data", "[1,2,3]", "--weights", "[10,1]", "--trace"],
            "[12, 23]\n\n(0): 1·10 + 2·1 = 12\n(1): 2·10 + 3·1 = 23\n",
        ),
    ],
)
def test_apply_prints_the_output(run: Run, arguments: list[str], shown: str) -> None:
    """A number as itself, rows as rows, the working below."""
    assert run("apply", *arguments).stdout == shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["conv 1 3x3", "--data", "[[1,2],[3,4]]"], "kernel 3 is larger than the input 2"),
        (["max_pool 2", "--data", "[[1,2],[3]]"], "different lengths"),
        (["konv 2", "--data", "[1]"], 'did you mean "conv"'),
        (["relu", "--data", "missing.npy"], "missing.npy"),
    ],
)
def test_apply_says_what_is_wrong(run: Run, arguments: list[str], said: str) -> None:
    """A wrong item or array is a message and exit code 2."""
    done = run("apply", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_compare_puts_the_rules_side_by_side(run: Run) -> None:
    """The quiz layer: 14x14x20 by the formula, 16x16x20 and 13x13x20 by TensorFlow, both marked."""
    lines = run("compare", "32x32x3 -> conv 20 8x8 s2 p1").stdout.splitlines()
    marked = {line.split("  ")[1]: line.split()[-4:] for line in lines if line.endswith("≠")}
    assert marked == {
        "TensorFlow SAME": ["16x16x20", "3,860", "988,160", "≠"],
        "TensorFlow VALID": ["13x13x20", "3,860", "652,340", "≠"],
    }
    assert sum("14x14x20" in line for line in lines) == 7


def test_compare_shows_only_disagreements_of_a_model(run: Run) -> None:
    """Where every rule agrees, there is nothing to show."""
    done = run("compare", "9x9x3 -> relu -> conv 2 1x1")
    assert done.stdout == "Every rule gives the same figures for every layer.\n"


def test_compare_knows_caffes_rounding(run: Run) -> None:
    """112, kernel 3, stride 2: Caffe rounds up to 56 where others have 55."""
    found = json.loads(run("compare", "112x112x1 -> max_pool 3 s2", "--format", "json").stdout)
    outputs = {ruling["rule"]: ruling["output_shape"] for ruling in found["layers"][0]["rulings"]}
    assert (outputs["Caffe"], outputs["course formula"], outputs["TensorFlow SAME"]) == (
        [56, 56, 1],
        [55, 55, 1],
        [56, 56, 1],
    )


@pytest.mark.parametrize("command", ["compare", "explain"])
def test_a_layer_is_chosen_by_name(run: Run, command: str) -> None:
    """An unknown layer leads to the closest one."""
    done = run(command, "lenet5", "c11")
    assert done.exit_code == 2
    assert 'did you mean "c1"' in done.stderr


def test_zoo_lists_and_prints(run: Run) -> None:
    """Parameters and source of each, variants too; a name prints the spec to copy."""
    listed = json.loads(run("zoo", "--format", "json").stdout)["models"]
    params = {model["name"]: model["params"] for model in listed}
    assert (params["vgg16"], params["resnet152"]) == (138_357_544, 60_192_808)
    assert all(model["source"] and model["year"] for model in listed)
    assert next(model["receptive_field"] for model in listed if model["name"] == "resnet50") == [427, 427]
    assert run("zoo", "resnet101").stdout.startswith("# Residual networks of bottlenecks")
    assert 'did you mean "vgg16"' in run("zoo", "vgg166").stderr


ZOO = [
    (("lenet",), {"lenet5", "lenet5_1998"}),  # a word's beginning comes before `mobilenet`, which holds it
    (("VGG", "--framework", "keras"), {"keras_vgg16", "keras_vgg19"}),
    (("--family", "resnet18"), {"resnet18", "resnet34"}),
    (("--family", "resnet34"), {"resnet18", "resnet34"}),
    (("--family", "vgg", "--framework", "keras"), {"keras_vgg16", "keras_vgg19"}),
    (("lenet5", "--year", "1998"), {"lenet5", "lenet5_1998"}),
    (("--year", "1990..1999"), {"lenet5", "lenet5_1998"}),
]


@pytest.mark.parametrize(("arguments", "names"), ZOO)
def test_zoo_filters(run: Run, arguments: tuple[str, ...], names: set[str]) -> None:
    listed = json.loads(run("zoo", *arguments, "--format", "json").stdout)["models"]
    assert {model["name"] for model in listed} == names


@pytest.mark.parametrize("arguments", [("--year", "98"), ("--year", "1998..3"), ("res", "--year", "1900"), ("zzz",)])
def test_zoo_refuses_what_matches_nothing(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("zoo", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")


def test_zoo_analyzes_nothing_that_is_recorded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a spec whose text is not that of the record."""
    import cnncalc.analysis.zoo as home

    analyzed = []
    monkeypatch.setattr(home, "analyzed", lambda family, name: analyzed.append(name) or home.ZooEntry(*[None] * 10))
    assert run("zoo").exit_code == 0
    assert analyzed == []
    monkeypatch.setattr(home, "digest", lambda family: "changed" if family == "resnet18" else "")
    list(home.entries(home.Filters(family="resnet18")))
    assert analyzed == ["resnet18", "resnet34"]


@pytest.mark.parametrize("option", ["--data", "--bias"])
def test_apply_takes_arrays_where_it_wants_them(run: Run, option: str) -> None:
    """Only --weights may be a mapping of names to arrays."""
    given = {"--data": "[1,2]", "--weights": "[1]", "--bias": "[1]", option: '{"a": 1}'}
    done = run("apply", "conv 1 1", *(part for pair in given.items() for part in pair))
    assert done.exit_code == 2
    assert f"{option} must be one array such as [[1, 0], [4, 6]], not a mapping" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "key"),
    [(("verify", "lenet5"), "layers"), (("compare", "quiz"), "layers"), (("summary", "lenet5"), "layers"),
     (("zoo",), "models")],
)  # fmt: skip
def test_json_has_a_line_for_each_entry(run: Run, arguments: tuple[str, ...], key: str) -> None:
    """A shape stays on its line, so that a line is a layer, and a diff of two outputs can be read."""
    text = run(*arguments, "--format", "json").stdout
    found = json.loads(text)[key]
    lines = text.splitlines()
    start = lines.index(f'  "{key}": [') + 1
    assert [json.loads(line.rstrip(",")) for line in lines[start : start + len(found)]] == found


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (("dense 1", "--data", "[2,3]", "--weights", "[[5],[7]]"), "(output): 2·5 + 3·7 = 31"),
        (("dense 2", "--data", "[2]", "--weights", "[[5,7]]"), "(channel 1): 2·7 = 14"),
        (("conv 1 1 relu", "--data", "[3]", "--weights", "[-2]"), "(0): 3·(-2) = -6, activated 0"),
        (
            ("conv_transpose 1 1 s2 output_padding=1", "--data", "[4]", "--weights", "[2]"),
            "x(…) is the input at a position, k(…) a tap of the kernel, both counted from 0.",
        ),
    ],
)
def test_the_trace_as_text(run: Run, arguments: tuple[str, ...], last: str) -> None:
    """An output without places is the output; a sum stands before its activation; letters are told."""
    assert run("apply", *arguments, "--trace").stdout.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("compare", "7x5x3 -> relu", "--tools", "thop", "fvcore"), "separate tools with commas: --tools thop,fvcore"),
        (("bounds", "7x5x3 -> relu", "--device", ""), "it is empty"),
        (("explain", "7x5x3 -> relu", "--device", ""), "it is empty"),
    ],
)
def test_options_that_are_easily_mistyped(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """A tool after a space, and a device from an empty variable, are errors that say what to write."""
    done = run(*arguments)
    assert done.exit_code == 2
    assert words in done.stderr
