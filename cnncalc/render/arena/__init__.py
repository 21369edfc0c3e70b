"""Memory on a microcontroller as text, JSON, CSV and Markdown."""
