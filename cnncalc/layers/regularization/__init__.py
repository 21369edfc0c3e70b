"""Layers that change their input only while training."""
