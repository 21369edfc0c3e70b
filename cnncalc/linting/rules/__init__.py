"""The rules, in a folder for each family; `cnncalc.linting.rule` finds each file by itself."""
