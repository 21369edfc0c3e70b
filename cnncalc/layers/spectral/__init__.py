"""Spectrograms of sound."""
