"""The difference between two models: their layers, aligned like the lines of a diff, and the change of every metric."""
