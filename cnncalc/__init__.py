"""cnncalc: a calculator for convolutional network architectures.

>>> import cnncalc
>>> report = cnncalc.analyze("32x32x3 -> conv 20 8x8 s2 p1")
>>> report.outputs[0].shape, report.totals.params
((14, 14, 20), 3860)

Names are loaded when they are first used, so that importing the package is fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cnncalc.version import __version__

if TYPE_CHECKING:
    from cnncalc.analysis.analyze import analyze, load
    from cnncalc.analysis.compare import compare
    from cnncalc.analysis.cost.training_cost import Cost, cost
    from cnncalc.analysis.difference.diff import diff
    from cnncalc.analysis.difference.model import Difference
    from cnncalc.analysis.explain import explain
    from cnncalc.analysis.formulas import ModelFormulas, formulas
    from cnncalc.analysis.imported import spec_of
    from cnncalc.analysis.report import LayerReport, Report, Totals
    from cnncalc.analysis.roofline.bounds import TimeBounds, bounds
    from cnncalc.analysis.tools.comparison import ToolComparison, compare_tools
    from cnncalc.diagnostics import Diagnostic, PluginError, SpecError
    from cnncalc.drawing.drawing import Drawing, draw
    from cnncalc.forward.verify import Verification, verify
    from cnncalc.homework.check import check
    from cnncalc.homework.judge import Judgement
    from cnncalc.importing.aten.from_torch import from_torch
    from cnncalc.importing.keras.from_keras import from_keras
    from cnncalc.linting.api import lint
    from cnncalc.linting.finding import Finding
    from cnncalc.reading.limits import Limits
    from cnncalc.solving.solution import Solutions
    from cnncalc.solving.solve import solve, solve_sizes
    from cnncalc.solving.study import Study
    from cnncalc.sweeping.sweep import Sweep, sweep
    from cnncalc.sweeping.variant import Variant

__all__ = [
    "Cost",
    "Diagnostic",
    "Difference",
    "Drawing",
    "Finding",
    "Judgement",
    "LayerReport",
    "Limits",
    "ModelFormulas",
    "PluginError",
    "Report",
    "Solutions",
    "SpecError",
    "Study",
    "Sweep",
    "TimeBounds",
    "ToolComparison",
    "Totals",
    "Variant",
    "Verification",
    "__version__",
    "analyze",
    "bounds",
    "check",
    "compare",
    "compare_tools",
    "cost",
    "diff",
    "draw",
    "explain",
    "formulas",
    "from_keras",
    "from_torch",
    "lint",
    "load",
    "solve",
    "solve_sizes",
    "spec_of",
    "sweep",
    "verify",
]

_HOMES: Mapping[str, str] = {
    "Cost": "cnncalc.analysis.cost.training_cost",
    "Diagnostic": "cnncalc.diagnostics",
    "Difference": "cnncalc.analysis.difference.model",
    "Drawing": "cnncalc.drawing.drawing",
    "Finding": "cnncalc.linting.finding",
    "Judgement": "cnncalc.homework.judge",
    "LayerReport": "cnncalc.analysis.report",
    "Limits": "cnncalc.reading.limits",
    "ModelFormulas": "cnncalc.analysis.formulas",
    "PluginError": "cnncalc.diagnostics",
    "Report": "cnncalc.analysis.report",
    "Solutions": "cnncalc.solving.solution",
    "SpecError": "cnncalc.diagnostics",
    "Study": "cnncalc.solving.study",
    "Sweep": "cnncalc.sweeping.sweep",
    "TimeBounds": "cnncalc.analysis.roofline.bounds",
    "ToolComparison": "cnncalc.analysis.tools.comparison",
    "Totals": "cnncalc.analysis.report",
    "Variant": "cnncalc.sweeping.variant",
    "Verification": "cnncalc.forward.verify",
    "analyze": "cnncalc.analysis.analyze",
    "bounds": "cnncalc.analysis.roofline.bounds",
    "check": "cnncalc.homework.check",
    "compare": "cnncalc.analysis.compare",
    "compare_tools": "cnncalc.analysis.tools.comparison",
    "cost": "cnncalc.analysis.cost.training_cost",
    "diff": "cnncalc.analysis.difference.diff",
    "draw": "cnncalc.drawing.drawing",
    "explain": "cnncalc.analysis.explain",
    "formulas": "cnncalc.analysis.formulas",
    "from_keras": "cnncalc.importing.keras.from_keras",
    "from_torch": "cnncalc.importing.aten.from_torch",
    "lint": "cnncalc.linting.api",
    "load": "cnncalc.analysis.analyze",
    "solve": "cnncalc.solving.solve",
    "solve_sizes": "cnncalc.solving.solve",
    "spec_of": "cnncalc.analysis.imported",
    "sweep": "cnncalc.sweeping.sweep",
    "verify": "cnncalc.forward.verify",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'cnncalc' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
