"""Price lists, agreed prices, and which goes first."""
