"""Pages about buying that are neither a document nor a list of documents."""
