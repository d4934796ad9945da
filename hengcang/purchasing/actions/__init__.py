"""What people do with purchase documents, one module a document."""
