"""Pages that make sales orders of what customers send."""
