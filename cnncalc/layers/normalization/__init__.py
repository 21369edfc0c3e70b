"""Layers that shift and scale their input by statistics or by fixed numbers."""
