import torch
import torch.nn as nn


class ImageCaptionEncoder(nn.Module):
    def __init__(self, embed_size):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, embed_size, 3, 2, 1), nn.ReLU())

    def forward(self, images):
        f = self.conv(images)                                  # (batch, embed, H, W)
        f = f.permute(0, 2, 3, 1)                              # (batch, H, W, embed)
        return f.view(f.size(0), -1, f.size(-1))               # (batch, H*W, embed)


class CrossAttention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.attn = nn.MultiheadAttention(dim, heads, batch_first=True)

    def forward(self, q, kv):
        out, _ = self.attn(self.norm(q), kv, kv, need_weights=False)
        return q + out


class Captioner(nn.Module):
    def __init__(self, vocab_size=500, embed_size=48, hidden=48, heads=4):
        super().__init__()
        self.encoder = ImageCaptionEncoder(embed_size)
        self.embed = nn.Embedding(vocab_size, embed_size, padding_idx=0)
        self.lstm = nn.LSTM(embed_size, hidden, batch_first=True)
        self.attention = CrossAttention(hidden, heads)
        self.out = nn.Linear(hidden, vocab_size)

    def forward(self, images, captions):
        features = self.encoder(images)
        h, _ = self.lstm(self.embed(captions))
        h = self.attention(h, features)
        return self.out(h)
