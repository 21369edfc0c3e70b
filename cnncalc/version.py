"""The version, a constant: reading installed metadata at start-up would cost more than the rest of `--version`."""

__version__ = "0.1.0"
