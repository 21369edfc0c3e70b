"""Views of results: each module is named after a type and has `brief`, `text`, `markdown` and `html`."""
