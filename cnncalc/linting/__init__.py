"""Rules over specs: what is wrong, doubtful or unclear in them, at its line and column."""
