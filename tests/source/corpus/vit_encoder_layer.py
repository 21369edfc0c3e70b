import torch
from torch import nn


class ViT(nn.Module):
    """Vision transformer on nn.TransformerEncoderLayer"""
    def __init__(self, image_size: int = 64, patch: int = 8, dim: int = 64, depth: int = 2, heads: int = 4,
                 mlp_dim: int = 128, n_classes: int = 100, channels: int = 3) -> None:
        super().__init__()
        assert image_size % patch == 0, f"{image_size} must be divisible by {patch}"
        num_patches = (image_size // patch) ** 2
        self.conv_proj = nn.Conv2d(channels, dim, patch, patch)
        self.class_token = nn.Parameter(torch.randn(1, 1, dim))
        self.pos_embedding = nn.Parameter(torch.empty(1, num_patches + 1, dim).normal_(std=0.02))
        encoder_layer = nn.TransformerEncoderLayer(d_model=dim, nhead=heads, dim_feedforward=mlp_dim, dropout=0.1,
                                                   activation='gelu', batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(encoder_layer, num_layers=depth, enable_nested_tensor=False)
        self.mlp_head = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, n_classes))

    def forward(self, img: torch.Tensor) -> torch.Tensor:
        x = self.conv_proj(img).flatten(2).permute(0, 2, 1)
        b, n, _ = x.shape
        cls = self.class_token.repeat(b, 1, 1)
        x = torch.cat([cls, x], dim=1)
        x += self.pos_embedding[:, :(n + 1)]
        x = self.encoder(x)
        return self.mlp_head(x[:, 0, :])
