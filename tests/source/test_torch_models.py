"""PyTorch source gives the figures that PyTorch gives, and its mistakes are found at their arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import Diagnostic
from cnncalc.importing.document import Choices, read
from cnncalc.linting.api import lint
from tests.source.programs import programs

NETS = programs("nets.txt")

FIGURES = {
    "tutorial": ("3x32x32", 62006, [10], 651720),
    "configuration": ("3x32x32", 15431, [7], 1074206),
    "residual": ("3x30x34", 7077, [5], 1078216),
    "dense connections": ("3x20x20", 1945, [3], 712866),
    "unet": ("3x37x50", 16658, [2, 37, 50], 6437724),
    "squeeze and excitation": ("5x11x13", 840, [14, 9, 11], 62566),
    "shuffle": ("12x9x9", 60, [12, 9, 9], 4374),
    "classifier of words": ("17", 16683, [3], None),
    "vision transformer": ("3x16x24", 32170, [10], 209216 + 2 * 2 * 7 * 7 * 32),
    "shared and unused": ("7", 94, [2], 161),
    "tied weights": ("9", 400, [9, 50], 3600),
    "generator": ("20x1x1", 14800, [3, 16, 16], 100352),
    "transformer layers": ("6x16", 7313, [5], None),
    "lightning": ("3x8x8", 1508, [4], 87616),
    "scripted blocks": ("5", 5 * 7 + 7 + 7 * 3 + 3, [3], 5 * 7 + 7 * 3),
    "a container for one call": ("7", 96, [5], 84),
    "steps of an lstm": ("4x7", 292, [4, 2], 1000),
    "steps of a gru": ("4x7", 272, [2], 930),
    "pools that are undone": ("3x13x18", 2844, [4, 13, 18], 242352),
    "two that are compared": ("1x13x14", 747, [4], None),
    "a bag of words": ("9", 50 * 6 + 6 * 2 + 2, [2], 12),
    "values by name": ("3x11", 95, [5], None),
    "arrays of numpy": ("1x9x11", 2 * 3 * 3 + 2 * 2, [2], 2 * 9 * 9 * 11 + 3 * 2 * 2),
    "weights with a norm": ("3x8x8", 427, [3], 14908),
}
"""Input, parameters and output from PyTorch 2.13; MACs from hooks on its convolutions and linear layers.

Those of the Lightning module are of the same module with `nn.Module` as its base.

The products of the vision transformer's attention are added by hand; those of recurrent and transformer layers, which
hooks do not see, are not compared.
"""


def written(folder: Path, title: str, *changes: tuple[str, str]) -> str:
    """The path of a program, with texts replaced."""
    text = next(text for key, text in NETS.items() if key.rsplit(" ", 1)[0] == title)
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "net.py").write_text(text, encoding="utf-8")
    return str(folder / "net.py")


def size(text: str) -> list[int]:
    return [int(each) for each in text.split("x")]


def test_models_of_the_main_block(tmp_path: Path) -> None:
    """A variable of the main block, after its changes: the fused convolution has 3·4·9 + 4 parameters."""
    report = cnncalc.analyze(f"{written(tmp_path, 'fused for use')}:block")
    assert (report.totals.params, [layer.name for layer in report.layers]) == (112, ["fused"])
    report = cnncalc.analyze(f"{written(tmp_path, 'fused for use')}:Block")
    assert (report.totals.params, [layer.name for layer in report.layers]) == (116, ["conv", "bn"])


def test_blocks_of_an_unknown_kind_are_not_passed_over(tmp_path: Path) -> None:
    """A class with an unknown base may be a module: no size after it is known."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(f"{written(tmp_path, 'blocks of an unknown kind')}:Net", input=[5])
    assert [each.code for each in caught.value.diagnostics] == ["E111"]


def test_changes_that_cannot_be_followed_are_unknown(tmp_path: Path) -> None:
    """What a method would have set is not as it was before the call."""
    with pytest.raises(cnncalc.SpecError, match="a condition that is not known"):
        cnncalc.analyze(f"{written(tmp_path, 'fused in a way that nobody follows')}:block", input=[3, 8, 8])


def test_transformers_are_pytorchs(tmp_path: Path) -> None:
    """PyTorch's own counts, and the products of the attentions: 2·5·5·12 in an encoder layer, 2·6·(6 + 5)·12 in a
    decoder layer.
    """
    report = cnncalc.analyze(f"{written(tmp_path, 'translation')}:Net", input={"source": [5], "target": [6]})
    assert (report.totals.params, report.outputs[0].shape) == (9_642, (6, 50))
    assert report.totals.macs == 42_672 + 2 * 2 * 5 * 5 * 12 + 3 * 2 * 6 * (6 + 5) * 12


@pytest.mark.parametrize("title", FIGURES)
def test_figures_are_pytorchs(title: str, tmp_path: Path) -> None:
    """Parameters, output shape and multiply-accumulates."""
    shape, params, output, macs = FIGURES[title]
    report = cnncalc.analyze(f"{written(tmp_path, title)}:Net", input=size(shape)).to_dict()
    assert report["totals"]["params"] == params
    assert [each["shape"] for each in report["outputs"]] == [output]
    assert macs is None or report["totals"]["macs"] == macs


def test_arguments_may_contain_colons(tmp_path: Path) -> None:
    """A dictionary is an argument: 3·5·9 + 5 of the convolution, 2·5 of the normalization, 5·2 + 2 of the head."""
    path = written(tmp_path, "lightning")
    report = cnncalc.analyze(path + ':Net(cfg={"widths": [5]}, classes=2)', input=[3, 8, 8])
    assert report.totals.params == 140 + 10 + 12
    with pytest.raises(cnncalc.SpecError, match=r'gone\.py": no such file'):
        cnncalc.analyze(f'{tmp_path}/gone.py:Net(cfg={{"widths": [5]}})')


def test_layers_have_the_names_of_modules(tmp_path: Path) -> None:
    """A layer's name is its attribute path, and its location the call of its constructor."""
    layers = cnncalc.analyze(f"{written(tmp_path, 'residual')}:Net", input=[3, 30, 34]).to_dict()["layers"]
    by_name = {each["name"]: each for each in layers}
    assert {"stem", "layer1.0.conv1", "layer1.0.shortcut.0", "layer2.0.bn2", "fc"} <= by_name.keys()
    assert (by_name["stem"]["location"]["line"], by_name["stem"]["location"]["column"]) == (27, 21)


def test_functions_of_one_name_leave_modules_whole(tmp_path: Path) -> None:
    """`F.relu` before the blocks and inside of them: the block's sum takes the former, and its module is not parted."""
    text = (
        "F = nn.functional\nclass Block(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.conv = nn.Conv2d(3, 3, 3, padding=1)\n"
        "    def forward(self, x): return F.relu(F.relu(self.conv(x)) + x)\n"
        "class A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.layer1 = nn.Sequential(Block(), Block())\n"
        "    def forward(self, x): return self.layer1(F.relu(x))\n"
    )
    names = [each.name for each in cnncalc.analyze(f"{net(tmp_path, text)}:A", input=[3, 5, 7]).layers]
    blocks = [f"layer1.{block}.{layer}" for block in (0, 1) for layer in ("conv", "relu", "add", "relu_2")]
    assert names == ["relu", *blocks]


MISTAKES = [
    ("tutorial", "nn.Linear(16 * 5 * 5, 120)", "nn.Linear(16 * 4 * 4, 120)", (10, 30)),
    ("tutorial", "nn.Conv2d(6, 16, 5)", "nn.Conv2d(8, 16, 5)", (9, 32)),
    ("tutorial", "x.view(-1, 16 * 5 * 5)", "x.view(-1, 16 * 4 * 4)", (17, 20)),
    ("tutorial", "nn.Conv2d(3, 6, 5)", "nn.Conv2d(3, 6, 50)", (7, 38)),
    ("residual", "nn.BatchNorm2d(planes)", "nn.BatchNorm2d(planes + 1)", (9, 35)),
    ("residual", "kernel_size=1, stride=stride, bias", "kernel_size=1, bias", (20, 9)),
    ("vision transformer", "self.head = nn.Linear(dim, 10)", "self.head = nn.Linear(dim + 1, 10)", (32, 31)),
    ("vision transformer", "nn.LayerNorm(dim), nn", "nn.LayerNorm(2 * dim), nn", (18, 47)),
    ("unet", "nn.ModuleList([double(24, 12)", "nn.ModuleList([double(20, 12)", (6, 36)),
    ("unet", "torch.cat([skip, x], dim=1)", "torch.cat([skip, x[:, :, 1:]], dim=1)", (27, 22)),
    ("classifier of words", "nn.Linear(hidden * 2, classes)", "nn.Linear(hidden, classes)", (8, 29)),
    ("transformer layers", "nn.GRU(16, 5", "nn.GRU(12, 5", (8, 27)),
]
"""A program, a text in it, the mistake that replaces it, and the line and column of its argument."""

FOUND = {
    "nn.Linear(16 * 4 * 4, 120)": "E308 in_features is 256, but 16x5x5 flattened is 400 | write 400",
    "nn.Conv2d(8, 16, 5)": "E308 in_channels is 8, but pool (line 15) gives 6x14x14, which has 6 channels | write 6",
    "x.view(-1, 16 * 4 * 4)": "E305 view(-1, 256) needs 256 numbers for each sample | write 400",
    "nn.Conv2d(3, 6, 50)": "E301 kernel 50 is larger than the input 32 |",
    "nn.BatchNorm2d(planes + 1)": "E308 num_features is 9, but layer1.0.conv1 (line 18) gives 8x15x17 | write 8",
    "kernel_size=1, bias": "E308 32x8x9 and 32x15x17 differ |",
    "self.head = nn.Linear(dim + 1, 10)": "E308 in_features is 33, but | write 32",
    "nn.LayerNorm(2 * dim), nn": "E308 normalized_shape is 64, but | write 32",
    "nn.ModuleList([double(20, 12)": "E308 in_channels is 20, but cat (line 27) gives 24x18x25 | write 24",
    "torch.cat([skip, x[:, :, 1:]], dim=1)": "E308 cat: 12x18x25 and 12x17x25 differ elsewhere than at axis 1 |",
    "nn.Linear(hidden, classes)": "E308 in_features is 20, but | write 40",
    "nn.GRU(12, 5": "E308 input_size is 12, but | write 16",
}
"""The code, a part of the message, and the beginning of the hint, by the mistake."""


# what becomes of the volume y, 16x10x10, and the shape of the output or the message; fc is Linear(400, 10)
VIEWS = [
    ("self.fc(y.view(-1, 16 * 5 * 5))", "view(-1, 400) makes 4 samples of each one: conv (line 9) gives 16x10x10"),
    ("self.fc(y.reshape(-1, 400).relu()).exp()", "reshape(-1, 400) makes 4 samples of each one: conv (line 9) gives"),
    ("self.fc(y.view(-1, 400)).view(-1, 4, 10).mean(1)", (10,)),
    ("self.fc(y.view(-1, 400)).view(y.size(0), 40).view(-1, 10)", (4, 10)),
    ("(y.view(-1, 400) - y.view(-1, 400).mean(1, keepdim=True)).view_as(y)", (16, 10, 10)),
    ("y.view(-1, 400)", (4, 400)),
    ("y.view(-1, 16 * 10 * 10)", (1600,)),
    ("y.view(-1, 10 * 10)", (16, 100)),
    ("y.view(-1, 5)", (320, 5)),
]


@pytest.mark.parametrize(("result", "expected"), VIEWS)
def test_views_that_cut_samples(result: str, expected: object, tmp_path: Path) -> None:
    """PyTorch makes a batch of parts; that is an error if a dense layer takes them and the outputs are parts, too."""
    path = tmp_path / "net.py"
    path.write_text(
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.conv = nn.Conv2d(3, 16, 3)\n        self.fc = nn.Linear(400, 10)\n"
        f"    def forward(self, x):\n        y = (\n            self.conv(x)\n        )\n        return {result}\n"
    )
    try:
        found: object = cnncalc.analyze(path, input=(3, 12, 12)).outputs[0].shape
    except cnncalc.SpecError as error:
        (mistake,) = error.diagnostics
        assert mistake.code == "E305"
        found = mistake.message[: len(str(expected))]
    assert found == expected


@pytest.mark.parametrize("call", ["F.softmax(x)", "F.log_softmax(x, 0)", "nn.Softmax()(x)"])
def test_a_softmax_without_an_axis_is_over_the_samples(call: str, tmp_path: Path) -> None:
    """PyTorch takes axis 0 of three (`torch.nn.functional._get_softmax_dim`): a warning says so."""
    path = tmp_path / "net.py"
    path.write_text(
        "import torch.nn.functional as F\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.fc = nn.Linear(7, 3)\n    def forward(self, x):\n"
        f"        x = {call}\n        return self.fc(x)\n"
    )
    report = cnncalc.analyze(path, input=(5, 7))
    assert (report.layers[0].type, report.outputs[0].shape, report.totals.macs) == ("opaque", (5, 3), 105)
    assert "over the samples of a batch (axis 0)" in report.remarks[0].message


@pytest.mark.parametrize(("title", "old", "new", "place"), MISTAKES, ids=[each[2] for each in MISTAKES])
def test_a_mistake_is_found_at_its_argument(
    title: str, old: str, new: str, place: tuple[int, int], tmp_path: Path
) -> None:  # fmt: skip
    """One changed text gives one error, with both numbers and what to write."""
    path = written(tmp_path, title, (old, new))
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(f"{path}:Net", input=size(FIGURES[title][0]))
    (found,) = caught.value.diagnostics
    said, _, hint = FOUND[new].partition(" |")
    assert (found.line, found.column) == place
    assert found.code == said[:4]
    assert said[5:] in found.message
    assert found.hint.startswith(hint.strip())


ENTRIES = {
    "a comment": ("m", [4, 7, 7]),
    "a test function": ("m", [4, 6, 6]),
    "a main block": ("N(nn.Flatten())", [6]),
    "a statement": ("make(k=3)", [5, 8]),
    "the only model": ("", [4]),
    "an output in a comment": ("A", [80]),
    "two inputs": ("", [2]),
    "a summary": ("m", [4, 10, 10]),
    "a summary of an array": ("m", [4, 5, 10]),
    "a summary without the batch": ("m", [4, 5, 10]),
    "a summary of one sample": ("m", [4, 5, 5]),
    "a size computed by a call": ("", [2]),
    "a command line": ("m", [9]),
}


def net(folder: Path, text: str) -> str:
    (folder / "net.py").write_text(f"import torch\nfrom torch import nn\n{text}\n", encoding="utf-8")
    return str(folder / "net.py")


@pytest.mark.parametrize("title", ENTRIES)
def test_model_and_input_are_found(title: str, tmp_path: Path) -> None:
    """The model by its name or as the only one; the input from a comment or a call in the file."""
    reference, output = ENTRIES[title]
    path = net(tmp_path, programs("entries.txt")[title])
    report = cnncalc.analyze(f"{path}:{reference}" if reference else path).to_dict()
    assert [each["shape"] for each in report["outputs"]] == [output]


@pytest.mark.parametrize("message", programs("refusals.txt"))
def test_what_cannot_be_followed_is_said(message: str, tmp_path: Path) -> None:
    """An error with a position, never a guess."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(net(tmp_path, programs("refusals.txt")[message]))
    assert message in caught.value.diagnostics[0].message


def mistake(folder: Path, made: str, forward: str = "return self.a(x)") -> Diagnostic:
    """The only mistake of a model with one layer, on 3x8x8."""
    text = (
        "# cnncalc: input 3x8x8\nclass A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.a = {made}\n    def forward(self, x): {forward}\n"
    )
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(net(folder, text))
    (found,) = caught.value.diagnostics
    return found


WITHOUT_REST = "divide with //, which gives a whole number"


@pytest.mark.parametrize(
    ("made", "code", "message", "hint"),
    [
        ("nn.LayerNrom(8)", "E202", "torch.nn has no LayerNrom", 'did you mean "LayerNorm"?'),
        ("nn.Conv2D(8, 8, 1)", "E202", "torch.nn has no Conv2D", 'did you mean "Conv2d"?'),
        ("nn.Conv2d(8, 9, 1, groups=3)", "E305", "Conv2d: in_channels 8 is not divisible by groups 3", ""),
        ("nn.Conv2d(8, 9, 1, groups=2)", "E305", "Conv2d: out_channels 9 is not divisible by groups 2", ""),
        ("nn.Linear(8, 'd')", "E204", 'Linear: out_features is a whole number, not "d"', ""),
        ("nn.Linear(8, 2.5)", "E204", "Linear: out_features is a whole number, not 2.5", WITHOUT_REST),
        ("nn.Linear(8 / 2, 5)", "E204", "Linear: in_features is a whole number, not 4.0", WITHOUT_REST),
        ("nn.Conv2d(8, 16 / 2, 1)", "E204", "Conv2d: out_channels is a whole number, not 8.0", WITHOUT_REST),
        ("nn.BatchNorm2d(16 / 2)", "E204", "BatchNorm2d: num_features is a whole number, not 8.0", WITHOUT_REST),
    ],
)  # fmt: skip
def test_a_layer_that_pytorch_refuses_to_make_is_an_error(
    made: str, code: str, message: str, hint: str, tmp_path: Path
) -> None:
    """PyTorch raises AttributeError, ValueError or TypeError for each of these."""
    found = mistake(tmp_path, made)
    assert (found.code, found.message, found.hint) == (code, message, hint)


@pytest.mark.parametrize(
    ("made", "column", "message"),
    [
        ("nn.Conv2d(3, -2, 3)", 31, "Conv2d: out_channels: got -2, but it must be at least 1"),
        ("nn.Conv2d(3, 2, kernel_size=-3)", 46, "Conv2d: kernel_size: got -3, but it must be at least 1"),
        ("nn.Linear(8, -3)", 31, "Linear: out_features: got -3, but it must be at least 1"),
        ("nn.Dropout(1.5)", 29, "Dropout: p: got 1.5, but it must be between 0.0 and 1.0"),
    ],
)
def test_an_impossible_number_is_found_at_its_argument(made: str, column: int, message: str, tmp_path: Path) -> None:
    """PyTorch raises RuntimeError for negative sizes, and ValueError for the probability."""
    found = mistake(tmp_path, made)
    assert (found.code, found.line, found.column, found.message) == ("E204", 7, column, message)


@pytest.mark.parametrize(
    ("made", "forward", "place", "message"),
    [
        ("nn.Conv2d(3, 4, 3)", "self.a(x)", (8, 5), "forward of A returns no tensor"),
        ("nn.ReLU", "return self.a(x)", (8, 34), "forward returns a module, ReLU, and not a tensor"),
        ("nn.Conv2d(3, 4, 3)", "return nn.ReLU(self.a(x))", (8, 34),
         "forward returns a module, ReLU, and not a tensor"),
        ("nn.Conv2d(3, 4)", "return self.a(x)", (7, 18), "TypeError: Conv2d() is missing the argument 'kernel_size'"),
        ("nn.Conv2d(3, 4, 3, strides=2)", "return self.a(x)", (7, 18),
         "TypeError: Conv2d() got an unexpected keyword argument 'strides'; did you mean \"stride\"?"),
        ("nn.Conv2d(3, 4, 3, padding='SAME')", "return self.a(x)", (7, 45),
         'Conv2d: padding is "same", "valid" or numbers, not "SAME"'),
        ("nn.BatchNorm1d(3)", "return self.a(x)", (8, 34),
         "BatchNorm1d takes channels and at most 1 spatial axis, but the input is 3x8x8"),
        ("nn.BatchNorm3d(3)", "return self.a(x)", (8, 34),
         "BatchNorm3d takes channels and 3 spatial axes, but the input is 3x8x8"),
    ],
)  # fmt: skip
def test_common_mistakes_are_named(
    made: str, forward: str, place: tuple[int, int], message: str, tmp_path: Path
) -> None:  # fmt: skip
    """PyTorch raises TypeError or ValueError for each, or gives back what is not a tensor."""
    found = mistake(tmp_path, made, forward)
    assert ((found.line, found.column), found.message) == (place, message)


@pytest.mark.parametrize("made", ["nn.MSELoss()", "nn.CosineSimilarity()"])
def test_a_class_of_pytorch_without_a_meaning_is_no_mistake(made: str, tmp_path: Path) -> None:
    """A loss that the model makes and does not call leaves it as it is."""
    text = (
        "# cnncalc: input 8\nclass A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.loss = {made}\n        self.part = nn.Linear(8, 2)\n"
        "    def forward(self, x): return self.part(x)\n"
    )
    assert cnncalc.analyze(net(tmp_path, text)).to_dict()["totals"]["params"] == 8 * 2 + 2


def test_an_unused_layer_is_counted_and_reported(tmp_path: Path) -> None:
    """PyTorch counts the parameters of a layer that is never called; a warning names it."""
    path = written(tmp_path, "shared and unused")
    (remark,) = read(f"{path}:Net", Choices(input=[7])).remarks
    assert "spare is made and not called; its 24 parameters are counted" in remark.message
    assert remark.line == 6


@pytest.mark.parametrize(
    ("again", "is_lost"),
    [
        ("self.a = nn.Conv2d(3, 4, 5)", True),
        ("self.a = nn.Sequential(self.a, nn.BatchNorm2d(4))", False),
        ("self.b, self.a = self.a, nn.Identity()", False),
        ("self.head(4)", False),
    ],
)
def test_a_layer_whose_name_is_assigned_again_is_reported(again: str, is_lost: bool, tmp_path: Path) -> None:
    """The lost convolution has 4·(3·9 + 1) = 112 parameters; one that is kept or replaced on purpose is not lost."""
    text = (
        "class A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.a = nn.Conv2d(3, 4, 3)\n        {again}\n"
        "    def head(self, n):\n        self.a = nn.Conv2d(3, n, 1)\n    def forward(self, x): return self.a(x)\n"
    )
    remarks = read(net(tmp_path, text), Choices(input=[3, 9, 9])).remarks
    lost = [(each.line, each.column, each.message) for each in remarks if "lost" in each.message]
    message = "a is assigned again in line 7: this layer is lost, and its 112 parameters are not counted"
    assert lost == ([(6, 18, message)] if is_lost else [])


def test_a_bias_before_batch_norm_has_a_hint_in_pytorchs_words(tmp_path: Path) -> None:
    """The argument is `bias=False`, and with it the finding is gone."""
    text = "# cnncalc: input 3x9x9\nm = nn.Sequential(nn.Conv2d(3, 4, 3{}), nn.BatchNorm2d(4))\n"
    assert [(each.code, each.hint) for each in lint(net(tmp_path, text.format("")))] == [("N101", "write bias=False")]
    assert lint(net(tmp_path, text.format(", bias=False"))) == []


def test_a_folder_is_searched_for_files_that_state_their_input(tmp_path: Path) -> None:
    """Lint passes over Python files without the comment, and reports the mistakes of those with it."""
    text = "from torch import nn\nm = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(5, 2, 1))\n"
    (tmp_path / "other.py").write_text(text, encoding="utf-8")
    (tmp_path / "stated.py").write_text(f"{text}# cnncalc: input 3x8x8\n", encoding="utf-8")
    found = [each for each in cnncalc.lint(tmp_path) if each.code == "E308"]
    assert [(Path(each.file).name, each.span.line, each.span.column) for each in found] == [("stated.py", 2, 49)]


def test_modules_in_a_plain_list_are_not_counted(tmp_path: Path) -> None:
    """PyTorch registers modules that are attributes, and not those in a plain list: 4 · 4 + 4 are left out."""
    text = (
        "# cnncalc: input 4\nclass A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.parts = [nn.Linear(4, 4)]\n        self.out = nn.Linear(4, 2)\n"
        "    def forward(self, x):\n        return self.out(self.parts[0](x))\n"
    )
    path = net(tmp_path, text)
    assert cnncalc.analyze(path).to_dict()["totals"]["params"] == 10
    (remark,) = read(path).remarks
    assert "does not count or train its 20 parameters" in remark.message
    assert (remark.line, remark.column) == (7, 23)
