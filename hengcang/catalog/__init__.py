"""What we trade: items, families, units, barcodes."""
