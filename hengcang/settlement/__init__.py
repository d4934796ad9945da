"""往来: what partners owe and are owed."""
