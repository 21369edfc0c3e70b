"""Layers around a layer: applied at every step, in both directions, with its weights written another way."""
