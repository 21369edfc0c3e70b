"""The recognised mistakes: one function each, registered by the decorators of `catalogue`.

A miscalculation takes the formulas of a layer and returns a copy with the mistake (`@miscalculated`): the layer's rules
with another field or input, or a part of a formula replaced (`cnncalc.homework.substitution`). A misreading takes the
question and returns the metrics that were answered instead (`@misread`). A wrong array is computed from the literal
arrays of a layer (`@miscomputed`). The docstring is the explanation for the student; its fields in braces are numbers
of the layer (`facts`).
"""
