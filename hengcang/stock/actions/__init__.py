"""What people do with stock documents, one module a document."""
