import torch
import torch.nn as nn


class Bottle2neck(nn.Module):
    def __init__(self, inplanes, planes, width=8, scale=4):
        super(Bottle2neck, self).__init__()
        self.conv1 = nn.Conv2d(inplanes, width * scale, kernel_size=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width * scale)
        self.nums = scale - 1
        convs, bns = [], []
        for i in range(self.nums):
            convs.append(nn.Conv2d(width, width, kernel_size=3, padding=1, bias=False))
            bns.append(nn.BatchNorm2d(width))
        self.convs = nn.ModuleList(convs)
        self.bns = nn.ModuleList(bns)
        self.conv3 = nn.Conv2d(width * scale, planes, kernel_size=1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.width = width

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        spx = torch.split(out, self.width, 1)
        for i in range(self.nums):
            if i == 0:
                sp = spx[i]
            else:
                sp = sp + spx[i]
            sp = self.convs[i](sp)
            sp = self.relu(self.bns[i](sp))
            if i == 0:
                out = sp
            else:
                out = torch.cat((out, sp), 1)
        out = torch.cat((out, spx[self.nums]), 1)
        out = self.bn3(self.conv3(out))
        out += x
        return self.relu(out)


class Res2Net(nn.Module):
    def __init__(self, n=2, planes=24, num_classes=4):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, planes, 3, 2, 1), nn.PReLU())
        self.blocks = nn.Sequential(*(Bottle2neck(planes, planes) for _ in range(n)))
        self.drop = nn.Dropout(.1)
        self.head = nn.Linear(planes, num_classes)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        x = torch.amax(x, dim=(2, 3))
        x = self.head(self.drop(x))
        return x
