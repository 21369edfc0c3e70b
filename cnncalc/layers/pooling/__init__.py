"""Layers that summarize windows, bins or the whole input, and their inverses."""
