"""Error rules: a catalogue, and a file for each rule that computes something."""
