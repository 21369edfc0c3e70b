"""Random exercises: topics that make them, and quizzes that choose among them."""
