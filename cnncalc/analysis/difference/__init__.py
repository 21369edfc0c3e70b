"""What changed between two models: their layers aligned as a diff aligns lines, and every figure's change."""
