"""Builds a net from a dictionary, as experiments with many settings do."""
import torch.nn as nn

CONFIG = {
    "input_channels": 3,
    "layers": [
        {"type": "conv", "out": 24, "kernel": 5, "stride": 2, "padding": 2},
        {"type": "bn"},
        {"type": "act", "name": "ReLU", "kwargs": {"inplace": True}},
        {"type": "conv", "out": 48, "kernel": 3},
        {"type": "act", "name": "LeakyReLU", "kwargs": {"negative_slope": 0.1}},
        {"type": "pool", "mode": "max", "size": 2},
        {"type": "conv", "out": 48, "kernel": 3, "padding": 1, "groups": 4},
        {"type": "act", "name": "ELU"},
        {"type": "pool", "mode": "avg", "size": 3},
    ],
    "head": {"hidden": [128, 64], "dropout": 0.2, "classes": 7},
}

POOLS = {"max": nn.MaxPool2d, "avg": nn.AvgPool2d}


class ConfigNet(nn.Module):
    def __init__(self, config=CONFIG, image_size=40):
        super().__init__()
        channels = config["input_channels"]
        size = image_size
        layers = []
        for entry in config["layers"]:
            kind = entry["type"]
            if kind == "conv":
                k, s, p = entry["kernel"], entry.get("stride", 1), entry.get("padding", 0)
                layers.append(nn.Conv2d(channels, entry["out"], k, s, p, groups=entry.get("groups", 1)))
                channels = entry["out"]
                size = (size + 2 * p - k) // s + 1
            elif kind == "bn":
                layers.append(nn.BatchNorm2d(channels))
            elif kind == "act":
                layers.append(getattr(nn, entry["name"])(**entry.get("kwargs", {})))
            elif kind == "pool":
                layers.append(POOLS[entry["mode"]](entry["size"]))
                size //= entry["size"]
            else:
                raise KeyError(kind)
        self.body = nn.Sequential(*layers)

        head = config["head"]
        features = channels * size * size
        widths = [features, *head["hidden"]]
        mlp = []
        for a, b in zip(widths[:-1], widths[1:]):
            mlp.extend([nn.Linear(a, b), nn.ReLU(), nn.Dropout(head["dropout"])])
        mlp.append(nn.Linear(widths[-1], head["classes"]))
        self.head = nn.Sequential(nn.Flatten(), *mlp)

    def forward(self, x):
        return self.head(self.body(x))
