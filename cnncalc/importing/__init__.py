"""Model files of other tools, read into a draft; a draft becomes a spec. A file format is a module or folder here."""
