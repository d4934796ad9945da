"""The list of document kinds, and the one list of all documents."""
