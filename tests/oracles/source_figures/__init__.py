"""Figures of models in Python source, measured by the framework that each is written for."""
