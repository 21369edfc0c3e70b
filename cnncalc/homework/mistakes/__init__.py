"""The recognised mistakes: one function each, registered by the decorators of `catalogue`.

A miscalculation takes the worksheet of a layer and returns a copy with the mistake (`@miscalculated`); a misreading
takes the question and returns the metrics that were answered instead (`@misread`). The docstring is the explanation for
the student; its fields in braces are numbers of the worksheet (`catalogue.facts`).
"""
