"""Answers in the notations that people use, as exact numbers, shapes and arrays."""
