"""The difference between two reports: as text, Markdown, JSON."""
