"""Layers that move, repeat or drop elements: shapes, axes, padding, slices."""
