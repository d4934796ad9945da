"""The database backend of the aliases `default` and `owner`."""
