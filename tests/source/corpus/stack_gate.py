import torch as t
import torch.nn as nn
from torch.nn.functional import relu, max_pool2d, adaptive_avg_pool2d


class MixtureOfExperts(nn.Module):
    """Experts on one image, mixed by a gate; the results are stacked."""

    def __init__(self, experts: int = 3, width: int = 12, classes: int = 5):
        super().__init__()
        self.experts = nn.ModuleList([self.expert(width, k) for k in range(1, experts + 1)])
        self.gate = nn.Linear(3, experts)
        self.norm = nn.BatchNorm1d(width)
        self.fc = nn.Linear(width, classes)

    def expert(self, width, k):
        return nn.ModuleList([nn.Conv2d(3, width, 2 * k + 1, padding=k), nn.Conv2d(width, width, 3)])

    def run(self, expert, x):
        first, second = expert
        x = max_pool2d(relu(first(x)), 2)
        x = relu(second(x))
        return adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1)

    def forward(self, x):
        outs = t.stack([self.run(e, x) for e in self.experts], dim=1)
        gates = self.gate(x.mean(dim=(2, 3))).softmax(1)
        mixed = (outs * gates.unsqueeze(-1)).sum(dim=1)
        return self.fc(self.norm(mixed))
