"""The metrics of every variant of a spec: all combinations of some values, evaluated in chunks and streamed."""
