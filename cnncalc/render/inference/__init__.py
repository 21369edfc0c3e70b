"""The peaks of memory at inference, in each output format."""
