"""Layers around another layer: applied at every step, in both directions, or with rewritten weights."""
