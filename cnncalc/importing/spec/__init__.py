"""From a draft to a spec: as nodes for every command, and as the YAML text that `cnncalc import` writes."""
