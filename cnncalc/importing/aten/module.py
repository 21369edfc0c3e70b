"""A module of PyTorch as a graph of aten operators, traced without computing a number where that is possible.

PyTorch is imported only here, and only when a module is traced. The module is traced in evaluation mode and left as it
was. The attempts, each for what the one before cannot follow:

1. on the meta device, with arrays without numbers in the place of the parameters;
2. with PyTorch's fake tensors, for modules that hold tensors on another device that are not buffers;
3. on random numbers, for branches that depend on values, and operators that have no rule for the meta device;
4. the same for a batch of one sample, for code that decides by the value of one sample.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import Any

from cnncalc.importing.aten.contexts import (
    ModuleStep,
    entered,
    evaluated,
    kept_arrays,
    kept_buffers,
    plainly,
    uncompiled,
    valueless,
)
from cnncalc.importing.aten.fx_graph import FxGraph, UntraceableError, tensors_of
from cnncalc.importing.aten.graph import AtenGraph

BATCH = 211
"""The size of the batch in a trace without numbers: a prime number that axes rarely have, to recognise it."""
SAMPLES = 23
"""The size of the batch in a trace on numbers, which are computed: again a prime number, but a smaller one."""


def traced(module: Any, inputs: Mapping[str, Any], keywords: Mapping[str, Any]) -> AtenGraph:
    """The graph of a module on inputs, tensors with a batch axis, by the name or the position of the argument.

    Inputs on the meta device have no numbers, and random ones replace them where numbers are needed. `keywords` are the
    arguments of the module that are not tensors. Raises UntraceableError.
    """
    tracing = _Tracing(module, inputs, keywords)
    failures: list[UntraceableError] = []
    for attempt in tracing.attempts():
        try:
            graph = attempt()
        except UntraceableError as failure:
            failures.append(failure)
            continue
        if graph.is_run:
            graph.remarks.insert(0, _ran(graph, failures))
        return graph
    raise failures[-1] if tracing.has_numbers else failures[0]


def _ran(graph: AtenGraph, failures: Sequence[UntraceableError]) -> str:
    several = "1 sample" if graph.batch == 1 else f"{graph.batch} samples"
    reason = first_line(failures[0].__cause__ or failures[0]) if failures else "it is a module of TorchScript"
    return f"the layers are those of one run on {several}, as PyTorch cannot trace it without numbers: {reason}"


def first_line(error: BaseException) -> str:
    """The first line of an error's message, at most 200 characters."""
    text = str(error).strip().split("\n", 1)[0]
    return text if len(text) <= 200 else f"{text[:200]}…"


class _Tracing:
    """A module and its inputs, and each way to trace it."""

    def __init__(self, module: Any, inputs: Mapping[str, Any], keywords: Mapping[str, Any]) -> None:
        self.torch = import_module("torch")
        self.proxies = import_module("torch.fx.experimental.proxy_tensor")
        self.module = module
        self.inputs = inputs
        self.keywords = keywords
        self.owned: dict[str, Any] = {**dict(module.named_parameters()), **dict(module.named_buffers())}
        self.steps: list[ModuleStep] = []

    @property
    def has_numbers(self) -> bool:
        """Whether the module can be run."""
        return all(each.device.type != "meta" for each in self.owned.values())

    def attempts(self) -> Iterator[Callable[[], AtenGraph]]:
        """The ways to trace the module, the cheapest first."""
        if not isinstance(self.module, self.torch.jit.ScriptModule):
            yield self.without_numbers
            yield self.with_fake_numbers
        if self.has_numbers:
            yield lambda: self.with_numbers(SAMPLES)
            yield lambda: self.with_numbers(1)

    def without_numbers(self) -> AtenGraph:
        arrays = [self.torch.empty_like(each, device="meta", requires_grad=False) for each in self.owned.values()]
        return self.replaced(
            arrays, {key: self.blank(each, BATCH, "meta") for key, each in self.inputs.items()}, "real"
        )

    def with_fake_numbers(self) -> AtenGraph:
        given = {key: self.blank(each, BATCH, "cpu") for key, each in self.inputs.items()}
        return self.replaced(list(self.owned.values()), given, "fake")

    def with_numbers(self, samples: int) -> AtenGraph:
        """The graph of one run."""
        device = next((each.device for each in self.owned.values()), self.torch.device("cpu"))
        random = self.torch.Generator().manual_seed(0)
        given = {key: self.numbers(each, samples, random).to(device) for key, each in self.inputs.items()}
        with self.torch.random.fork_rng(devices=[]), kept_buffers(self.module, self.torch):
            found = self.trace(
                lambda tensors: self.run(self.module, given, tensors), [list(given.values())], "real", is_run=True
            )
        graph = self.graph(found, given, placed=False)
        graph.is_run = True
        return graph

    # --- parts of an attempt ---------------------------------------------------------------------------------------

    def replaced(self, arrays: Sequence[Any], given: Mapping[str, Any], mode: str) -> AtenGraph:
        """The graph with arrays in the place of the parameters and buffers."""

        def call(arrays: Sequence[Any], tensors: Sequence[Any]) -> list[Any]:
            named = dict(zip(self.owned, arrays, strict=True))
            return self.run(
                lambda *at, **by: self.torch.func.functional_call(self.module, named, at, by), given, tensors
            )

        with kept_arrays(self.module):
            found = self.trace(call, [arrays, list(given.values())], mode)
        return self.graph(found, given, placed=True)

    def run(self, function: Callable[..., Any], given: Mapping[str, Any], tensors: Sequence[Any]) -> list[Any]:
        """Call the module with tensors in the place of the inputs; the tensors of its result."""
        values = dict(zip(given, tensors, strict=True))
        named = {name: each for name, each in values.items() if not name.isdecimal()}
        placed = [each for name, each in values.items() if name.isdecimal()]
        return list(tensors_of(self.torch, function(*placed, **named, **self.keywords)))

    def trace(
        self, function: Callable[..., Any], arguments: Sequence[Any], mode: str, *, is_run: bool = False
    ) -> Any:  # fmt: skip
        """PyTorch's graph of a function. Raises UntraceableError for whatever the module or PyTorch raises."""
        self.steps.clear()
        with ExitStack() as held:
            without = () if is_run else (plainly(self.proxies), valueless(self.torch))
            hooks = entered(self.module, self.steps, self.proxies, self.torch)
            for each in (evaluated(self.module, self.torch), hooks, *without, uncompiled(), self.torch.no_grad()):
                held.enter_context(each)
            make = self.proxies.make_fx(
                function, pre_dispatch=True, tracing_mode=mode, _allow_non_fake_inputs=mode == "fake",
                _error_on_data_dependent_ops=not is_run,
            )  # fmt: skip
            try:
                return make(*arguments)
            except Exception as error:
                raise UntraceableError(f"{type(error).__name__}: {first_line(error)}") from error

    def graph(self, found: Any, given: Mapping[str, Any], *, placed: bool) -> AtenGraph:
        """The graph as plain data. Raises UntraceableError if values come from elsewhere, and there are no numbers."""
        graph = FxGraph(found, self.torch, self.owned, given, self.steps).graph(self.module, placed=placed)
        if placed and graph.untraced:
            raise UntraceableError("values are computed outside of PyTorch's operators")
        return graph

    def blank(self, given: Any, samples: int, device: str) -> Any:
        return self.torch.empty((samples, *given.shape[1:]), dtype=given.dtype, device=device)

    def numbers(self, given: Any, samples: int, random: Any) -> Any:
        """Numbers for an input: its own first sample, else random ones, or zeros for indices."""
        sizes = (samples, *given.shape[1:])
        if given.device.type != "meta" and len(given):
            return given[:1].expand(sizes).clone()
        if not given.dtype.is_floating_point:
            return self.torch.zeros(sizes, dtype=given.dtype)
        return self.torch.randn(sizes, generator=random).to(given.dtype)
