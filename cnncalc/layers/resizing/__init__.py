"""Layers that change the spatial size: interpolation, sampling, and blocks moved between space and channels."""
