"""The layer types: one file each, in folders by family, found by their names."""
