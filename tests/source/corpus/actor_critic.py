import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Categorical


def init(module, weight_init, bias_init, gain=1):
    weight_init(module.weight.data, gain=gain)
    bias_init(module.bias.data)
    return module


class CNNBase(nn.Module):
    def __init__(self, num_inputs, hidden_size=128):
        super().__init__()
        init_ = lambda m: init(m, nn.init.orthogonal_, lambda x: nn.init.constant_(x, 0), nn.init.calculate_gain('relu'))

        self.main = nn.Sequential(
            init_(nn.Conv2d(num_inputs, 32, 8, stride=4)), nn.ReLU(),
            init_(nn.Conv2d(32, 64, 4, stride=2)), nn.ReLU(),
            init_(nn.Conv2d(64, 32, 3, stride=1)), nn.ReLU(), nn.Flatten(),
            init_(nn.Linear(32 * 7 * 7, hidden_size)), nn.ReLU())

        init_ = lambda m: init(m, nn.init.orthogonal_, lambda x: nn.init.constant_(x, 0))
        self.critic_linear = init_(nn.Linear(hidden_size, 1))
        self.train()

    def forward(self, inputs):
        x = self.main(inputs / 255.0)
        return self.critic_linear(x), x


class Policy(nn.Module):
    def __init__(self, obs_shape=(4, 84, 84), num_actions=4, base=None, base_kwargs=None):
        super().__init__()
        if base_kwargs is None:
            base_kwargs = {}
        if base is None:
            if len(obs_shape) == 3:
                base = CNNBase
            else:
                raise NotImplementedError
        self.base = base(obs_shape[0], **base_kwargs)
        self.actor = nn.Linear(128, num_actions)

    def forward(self, inputs):
        value, actor_features = self.base(inputs)
        return F.softmax(self.actor(actor_features), dim=-1), value

    def act(self, inputs):
        probs, value = self(inputs)
        dist = Categorical(probs)
        return dist.sample(), value
