"""Pages about selling that are no document."""
