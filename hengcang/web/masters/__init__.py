"""Pages of master data, stock, money and settings."""
