"""Users, roles, keys, data scopes: who may do what."""
