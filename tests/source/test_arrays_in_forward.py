"""Parameters, masks and modules that a PyTorch program makes in `forward`, or keeps in a plain list."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

HEAD = "import torch\nfrom torch import nn\nF = nn.functional\nclass Net(nn.Module):\n    def __init__(self):\n"
INIT = "        super().__init__()\n        "

# __init__, forward, then parameters, multiply-accumulates and buffers for an input of 5x7
FIGURES = {
    "registered in forward, counted once": (
        "self.pos = None",
        "self.pos = self.pos or nn.Parameter(torch.zeros(1, 5, 7))\n        return x * self.pos + self.pos[0]",
        35, 0, 0,
    ),
    "never registered, not counted": (
        "pass",
        "w = nn.Parameter(torch.zeros(3, 7))\n        return F.linear(x, w)",
        0, 5 * 7 * 3, 3 * 7,
    ),
    "replaced before its use": (
        "self.w = nn.Parameter(torch.zeros(2, 7))",
        "self.w = nn.Parameter(torch.zeros(3, 7))\n        return F.linear(x, self.w)",
        3 * 7, 5 * 7 * 3, 0,
    ),
    "a mask for every row of every sample": (
        "pass",
        "n = x.shape[0] * 5\n        return (x.view(n, 1, 7) + torch.ones(1, 1, 7).repeat(n, 1, 1)).view_as(x)",
        0, 0, 35,
    ),
    "layers of one class in a plain list": (
        "self.each = [nn.Conv1d(5, 5, k, padding=k // 2) for k in (1, 3)]",
        "return self.each[0](x) + self.each[1](x)",
        0, 7 * 25 * (1 + 3), 5 * 5 * (1 + 3) + 2 * 5,
    ),
}  # fmt: skip


def written(folder: Path, init: str, forward: str) -> Path:
    path = folder / "net.py"
    path.write_text(f"{HEAD}{INIT}{init}\n    def forward(self, x):\n        {forward}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("title", FIGURES)
def test_figures_are_those_of_the_module_after_a_call(title: str, tmp_path: Path) -> None:
    """Parameters are those that `parameters()` lists after `forward`; numbers by hand."""
    init, forward, params, macs, buffers = FIGURES[title]
    totals = cnncalc.analyze(written(tmp_path, init, forward), input=[5, 7]).totals
    assert (totals.params, totals.macs, totals.buffers) == (params, macs, buffers)


def test_modules_of_one_list_have_one_warning(tmp_path: Path) -> None:
    """Three times 7·7 + 7 parameters, made at one position; a module made elsewhere has a warning of its own."""
    init = "self.each = [nn.Linear(7, 7) for _ in range(3)]\n        self.more = [nn.Linear(7, 7)]"
    path = written(tmp_path, init, "for each in self.each + self.more:\n            x = each(x)\n        return x")
    found = [each.message.split(", as modules") for each in cnncalc.analyze(path, input=[5, 7]).remarks]
    assert [name for name, _ in found] == ["linear and 2 more are not registered", "linear_4 is not registered"]
    assert [rest.rpartition("train ")[2] for _, rest in found] == ["their 168 parameters", "its 56 parameters"]


def test_a_parameter_of_the_same_size_replaces_one_of_a_layer(tmp_path: Path) -> None:
    """The model has one array of 3x7 before and after the call, which multiplies 5 steps."""
    forward = "self.w = nn.Parameter(self.w.softmax(-1))\n        return F.linear(x, self.w)"
    path = written(tmp_path, "self.w = nn.Parameter(torch.zeros(3, 7))", forward)
    report = cnncalc.analyze(path, input=[5, 7])
    assert (report.totals.params, report.totals.macs, report.outputs[0].shape) == (21, 5 * 7 * 3, (5, 3))


def test_a_parameter_that_replaces_one_of_a_layer_is_not_followed(tmp_path: Path) -> None:
    """The first call uses the old array, and the model has the new one, of another size, afterwards."""
    forward = "self.w = nn.Parameter(self.w[:2].softmax(-1))\n        return F.linear(x, self.w)"
    path = written(tmp_path, "self.w = nn.Parameter(torch.zeros(3, 7))", forward)
    with pytest.raises(cnncalc.SpecError, match=r"net.py:9:\d+: error\[E111\]: cannot follow w = nn.Parameter"):
        cnncalc.analyze(path, input=[5, 7])
