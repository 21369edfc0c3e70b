"""Checking homework: what is asked, what was answered, which mistake gives a wrong answer."""
