"""Plain Python that every context may use. Imports nothing of ours and no framework."""
