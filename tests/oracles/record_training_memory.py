"""Records what PyTorch keeps for backward: `python -m tests.oracles.record_training_memory`.

Writes tests/data/training_memory.json: for each layer the bytes of the distinct storages that autograd saves on the
CPU, for batches of 1 and 7 samples, without parameters and buffers. The workspace of MKL-DNN is switched off for
recurrent layers, because its size depends on the processor.
"""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).parent.parent / "data" / "training_memory.json"
BATCHES = (1, 7)


def main() -> None:
    """Write the file: one case a line."""
    import torch

    from tests.oracles.torch_memory import MemoryCase, cases, kept_bytes

    torch.manual_seed(0)

    def tensor(case: MemoryCase, place: int, batch: int) -> torch.Tensor:
        shape = (batch, *case.inputs[place])
        if place in case.indices:
            return torch.zeros(shape, dtype=torch.int64)
        return (0.1 + 0.8 * torch.rand(shape)).requires_grad_()

    lines = []
    for case in cases():
        torch.backends.mkldnn.enabled = case.layer not in ("lstm", "gru", "rnn")
        sizes = {}
        for batch in BATCHES:
            sizes[str(batch)] = kept_bytes(case.call, [tensor(case, place, batch) for place in range(len(case.inputs))])
        shown = {"layer": case.layer, "inputs": case.inputs, "fields": case.fields, "bytes": sizes}
        lines.append(json.dumps(shown | ({"indices": case.indices} if case.indices else {})))
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
