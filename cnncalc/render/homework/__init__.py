"""Renderers of homework: judgements of answers, marked sheets, classes, exercises."""
