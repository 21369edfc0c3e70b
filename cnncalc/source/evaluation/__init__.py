"""The meaning of each kind of expression and statement."""
