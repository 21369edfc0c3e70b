"""Boxes and regions: anchors, rows of detections, suppression, and pooling of regions."""
