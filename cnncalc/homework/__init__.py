"""Checking homework: questions, answers, and the mistakes that explain wrong answers."""
