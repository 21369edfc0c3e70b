# exercise 3: the same small net twice, once with names
from collections import OrderedDict
import torch
from torch.nn import Conv2d, Linear, MaxPool2d, Module, ReLU, Sequential, Flatten, BatchNorm2d, Softmax

model = Sequential(OrderedDict([
    ("conv1", Conv2d(1, 20, 5)),
    ("relu1", ReLU()),
    ("pool1", MaxPool2d(2, 2)),
    ("conv2", Conv2d(20, 50, 5)),
    ("bn2", BatchNorm2d(50)),
    ("relu2", ReLU()),
    ("pool2", MaxPool2d(2, 2)),
    ("flat", Flatten()),
    ("fc1", Linear(800, 500)),
    ("relu3", ReLU()),
    ("fc2", Linear(500, 10)),
    ("prob", Softmax(dim=1)),
]))


class Cnn(Module):
    # the layers
    def __init__(self):
        super(Cnn, self).__init__()

        self.cnn_layers = Sequential(
            # Defining a 2D convolution layer
            Conv2d(1, 4, kernel_size=3, stride=1, padding=1),
            BatchNorm2d(4),
            ReLU(inplace=True),
            MaxPool2d(kernel_size=2, stride=2),
            # Defining another 2D convolution layer
            Conv2d(4, 4, kernel_size=3, stride=1, padding=1),
            BatchNorm2d(4),
            ReLU(inplace=True),
            MaxPool2d(kernel_size=2, stride=2),
        )

        self.linear_layers = Sequential(
            Linear(4 * 7 * 7, 10)
        )

    # Defining the forward pass
    def forward(self, x):
        x = self.cnn_layers(x)
        x = x.view(x.size(0), -1)
        x = self.linear_layers(x)
        return x


if __name__ == "__main__":
    print(model(torch.rand(1, 1, 28, 28)).shape)
    print(Cnn()(torch.rand(1, 1, 28, 28)).shape)
