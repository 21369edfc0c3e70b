"""A net written with nothing but parameters and functions."""
import torch
import torch.nn.functional as F
from torch import nn


class FunctionalNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(12, 1, 5, 5) * 0.1)
        self.b1 = nn.Parameter(torch.zeros(12))
        self.w2 = nn.Parameter(torch.randn(20, 12, 3, 3) * 0.1)
        self.b2 = nn.Parameter(torch.zeros(20))
        self.w3 = nn.Parameter(torch.randn(500, 60))
        self.b3 = nn.Parameter(torch.zeros(60))
        self.w4 = nn.Parameter(torch.empty(10, 60))
        nn.init.xavier_uniform_(self.w4)

    def forward(self, xb):
        xb = F.conv2d(xb, self.w1, self.b1, stride=1)
        xb = F.relu(F.max_pool2d(xb, 2))
        xb = F.conv2d(xb, self.w2, self.b2, stride=2)
        xb = torch.tanh(xb)
        xb = xb.reshape(-1, 500)
        xb = torch.relu(xb @ self.w3 + self.b3)
        return F.linear(xb, self.w4)
