"""Users, roles, keys."""
