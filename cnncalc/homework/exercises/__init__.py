"""Random exercises: topics that generate them, and quizzes that select among them."""
