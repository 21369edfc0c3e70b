"""The mistakes that the tool can name: one function each, registered by the decorators of `catalogue`.

A mistake in a calculation takes the sheet of a layer and gives the sheet with the mistake made (`@miscalculated`); one
of reading takes what is asked and gives the figures that were meant instead (`@misread`). The docstring is the
explanation that the student reads; its fields in braces are numbers of the sheet (`catalogue.facts`).
"""
