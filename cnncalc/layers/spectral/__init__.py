"""Layer types of one family; `cnncalc.layers.registry` finds each module by its name."""
