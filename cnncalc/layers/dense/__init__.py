"""Layers in which every output depends on every input, or on all features of a position."""
