"""Styles of a drawing: each module makes a picture of a model or of one of its layers."""
