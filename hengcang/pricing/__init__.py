"""What things cost customers: price lists, agreed prices, and which price goes first."""
