"""Small modules of our own whose graphs are recorded: what networks do beyond a chain of layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class Residual(nn.Module):
    """Convolutions with batch norm and an activation in place, a shortcut, squeeze and excitation."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 12, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(12)
        self.act = nn.ReLU(inplace=True)
        self.depthwise = nn.Conv2d(12, 12, 5, padding=2, groups=12)
        self.squeeze = nn.Conv2d(12, 4, 1)
        self.excite = nn.Conv2d(4, 12, 1)
        self.head = nn.Linear(12, 7)

    def forward(self, x: Tensor) -> Tensor:
        x = self.act(self.norm(self.conv(x)))
        y = self.depthwise(x)
        scale = torch.sigmoid(self.excite(functional.silu(self.squeeze(y.mean((2, 3), keepdim=True)))))
        x = x + y * scale
        x += 1
        return self.head(torch.flatten(functional.adaptive_avg_pool2d(x, 1), 1))


class Windows(nn.Module):
    """Attention in windows, shifted, with a table of relative positions, as in Swin."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(12)
        self.qkv = nn.Linear(12, 36)
        self.table = nn.Parameter(torch.zeros(25, 2))
        self.register_buffer("index", torch.arange(81) % 25)
        self.scale = nn.Parameter(torch.ones(12))

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x.permute(0, 2, 3, 1))
        y = torch.roll(x, (-1, -1), (1, 2))
        b = y.shape[0]
        y = y.view(b, 2, 3, 2, 3, 12).permute(0, 1, 3, 2, 4, 5).reshape(b * 4, 9, 12)
        q, k, v = self.qkv(y).reshape(b * 4, 9, 3, 2, 6).permute(2, 0, 3, 1, 4)
        bias = self.table[self.index].view(9, 9, 2).permute(2, 0, 1).unsqueeze(0)
        mask = y.new_zeros((4, 9, 9)).masked_fill(y.new_ones((4, 9, 9)) != 0, -100.0)
        scores = q @ k.transpose(-2, -1) + bias
        scores = (scores.view(b, 4, 2, 9, 9) + mask[None, :, None]).view(-1, 2, 9, 9)
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, 2, 2, 3, 3, 12)
        y = y.permute(0, 1, 3, 2, 4, 5).reshape(b, 6, 6, 12)
        return x + torch.roll(y, (1, 1), (1, 2)) * self.scale


class Tokens(nn.Module):
    """Patches with a class token and positions, PyTorch's own attention, a head on the token."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 4, stride=4)
        self.token = nn.Parameter(torch.zeros(1, 1, 16))
        self.positions = nn.Parameter(torch.zeros(1, 10, 16))
        self.layer = nn.TransformerEncoderLayer(16, 4, 24, batch_first=True, activation="gelu")
        self.head = nn.Linear(16, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        return self.head(self.layer(x)[:, 0])


class Video(nn.Module):
    """Frames as samples: B x T images in one batch, then a mean over time."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.GroupNorm(2, 8)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        b, t = x.shape[:2]
        y = self.pool(torch.relu(self.norm(self.conv(x.flatten(0, 1)))))
        return y.view(b, t, *y.shape[1:]).mean(1)


class Tied(nn.Module):
    """One table as an embedding and as the matrix of the head; one layer used twice; a layer without a use."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(23, 8)
        self.mix = nn.Linear(8, 8)
        self.head = nn.Linear(8, 23, bias=False)
        self.head.weight = self.table.weight
        self.spare = nn.Linear(3, 5)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.head(self.mix(torch.tanh(self.mix(self.table(tokens)))))


class Decoder(nn.Module):
    """Upsampling, transposed convolution, padding, a stack of two scales; several outputs in a mapping."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(3, 6, 3, stride=2)
        self.up = nn.ConvTranspose2d(6, 6, 2, stride=2)
        self.slope = nn.PReLU(6)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        low = self.slope(self.down(functional.pad(x, (0, 1, 0, 1))))
        high = torch.cat([self.up(low), functional.interpolate(low, scale_factor=2, mode="bilinear")], 1)
        first, second = high.chunk(2, 1)
        return {"out": first * second, "aux": functional.interpolate(low, size=x.shape[-2:])}


class Sums(nn.Module):
    """Einstein sums with the batch in several places, a product over sequences first, a learned temperature."""

    def __init__(self) -> None:
        super().__init__()
        self.matrix = nn.Parameter(torch.zeros(6, 10))
        self.temperature = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        y = torch.einsum("btc,cd->tbd", x, self.matrix)
        scores = torch.einsum("tbd,sbd->bts", y, y) * self.temperature.exp()
        return torch.matmul(scores, y.transpose(0, 1)).unbind(1)[0]


MODULES: Mapping[str, tuple[Callable[[], nn.Module], tuple[int, ...], str]] = {
    "residual": (Residual, (3, 17, 13), "float32"), "windows": (Windows, (12, 6, 6), "float32"),
    "tokens": (Tokens, (3, 12, 12), "float32"), "video": (Video, (5, 3, 10, 14), "float32"),
    "tied": (Tied, (11,), "int64"), "decoder": (Decoder, (3, 16, 12), "float32"), "sums": (Sums, (5, 6), "float32"),
}  # fmt: skip
"""Each module, the shape of its input without the batch, and the type of its numbers."""


def stand_in(shape: tuple[int, ...], dtype: str, batch: int) -> Any:
    """An input without numbers."""
    return torch.empty((batch, *shape), dtype=getattr(torch, dtype), device="meta")
