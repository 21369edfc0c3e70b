"""Style and suppression rules, one file each, named after the rule."""
