from .model import PackagedNet

__all__ = ["PackagedNet"]
