"""The parts of `cnncalc lint`."""
