import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvBlock(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1)
        self.bn = nn.BatchNorm2d(cout)

    def forward(self, x):
        return F.max_pool2d(F.relu(self.bn(self.conv(x))), 2)


class CNNLSTM(nn.Module):
    """Frames of a clip through one CNN, then an LSTM over time."""

    def __init__(self, num_classes=2, hidden=64):
        super(CNNLSTM, self).__init__()
        self.cnn = nn.Sequential(ConvBlock(3, 8), ConvBlock(8, 16), ConvBlock(16, 32), nn.AdaptiveAvgPool2d((2, 2)), nn.Flatten())
        self.lstm = nn.LSTM(input_size=32 * 2 * 2, hidden_size=hidden, num_layers=1, batch_first=True)
        self.fc1 = nn.Linear(hidden, 32)
        self.fc2 = nn.Linear(32, num_classes)

    def forward(self, x_3d):
        batch_size, timesteps, C, H, W = x_3d.size()
        c_in = x_3d.view(batch_size * timesteps, C, H, W)
        c_out = self.cnn(c_in)
        r_in = c_out.view(batch_size, timesteps, -1)
        r_out, (h_n, h_c) = self.lstm(r_in)
        x = self.fc1(r_out[:, -1, :])
        x = F.relu(x)
        x = self.fc2(x)
        return x
