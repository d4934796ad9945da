"""销售: orders, deliveries, returns."""
