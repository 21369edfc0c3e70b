"""Tables of students as Moodle, Canvas and Gradescope write them."""
