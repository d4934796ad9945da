"""Numbers with a budget: printed, never a reason to fail."""
