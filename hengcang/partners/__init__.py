"""往来单位: customers and suppliers in one table."""
