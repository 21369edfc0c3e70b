import torch
from torch import nn


class MultiTaskNet(nn.Module):
    def __init__(self, tasks=None):
        super().__init__()
        tasks = tasks or {"age": 1, "gender": 2, "race": 5}
        self.trunk = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding="same"), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding="same"), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding="same"), nn.BatchNorm2d(64), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.heads = nn.ModuleDict({
            task: nn.Sequential(nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, size))
            for task, size in tasks.items()
        })

    def forward(self, x):
        z = self.trunk(x)
        return {task: head(z) for task, head in self.heads.items()}
