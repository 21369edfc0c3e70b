"""Vectors that are looked up by an index or a position, and learned arrays."""
