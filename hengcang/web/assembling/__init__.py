"""Pages about parts lists and what can be assembled."""
