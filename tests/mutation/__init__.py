"""Runs a sample of one-change mutants of the package against its tests: `python -m tests.mutation`."""
