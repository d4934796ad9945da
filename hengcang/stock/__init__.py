"""库存: documents that move goods with nobody outside."""
