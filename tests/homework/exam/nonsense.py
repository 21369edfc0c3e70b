"""Wrong answers without any reasoning: numbers drawn by hand, of about the right size."""

from __future__ import annotations

from tests.homework.exam.answers import Nonsense

CONV = "32x32x3 -> conv 20 8x8 s2 p1"
LENET = "lenet5"
LSTM = "30x20 -> lstm 50"
HEADS = "10x32 -> multi_head_attention 4"
GROUPED = "14x14x32 -> conv 64 3x3 g4"

NONSENSE = tuple(
    Nonsense(spec, path, text)
    for spec, path, texts in (
        (CONV, "params", ("4711", "3877", "2999", "12345", "8123", "611", "55555", "1000003")),
        (CONV, "total.macs", ("747113", "812345", "99991", "1234567", "5000011")),
        (CONV, "unshared_params", ("744411", "1000000", "654321")),
        (CONV, "output", ("17x23x20", "99x99x99", "5x41x20", "14x14x37", "71x71x13")),
        (LENET, "total.params", ("61111", "70001", "48484", "123456", "33337")),
        (LENET, "total.macs", ("400123", "281283", "999983")),
        (LSTM, "params", ("13131", "14447", "7301", "99999")),
        (HEADS, "params", ("4271", "5003", "3777")),
        (GROUPED, "params", ("4747", "9191", "2029")),
        (GROUPED, "macs", ("666013",)),
    )
    for text in texts
)
