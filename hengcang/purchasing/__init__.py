"""采购: orders and receipts."""
