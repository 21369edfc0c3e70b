"""Layers that slide a learned kernel over their input."""
