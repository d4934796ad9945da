"""What people do with sales documents, one module a document."""
