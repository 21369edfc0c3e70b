"""A bounded interpreter of Python source over its syntax tree. Nothing is executed or imported.

Plain constants and containers are Python's own; functions, classes, instances and modules of the source are values of
`values.py`. Names of libraries are values that the user of the interpreter gives. Anything else is `Unfollowed`: a
value that nobody knows, with the reason and the position.
"""
