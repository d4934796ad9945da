"""Where goods can be: warehouses and bins."""
