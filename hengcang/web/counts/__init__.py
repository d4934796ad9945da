"""盘点: its own pages, for desk and phone."""
