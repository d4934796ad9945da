"""Messages that must leave the house. Rows only: integration delivers them."""
