"""The directory, the switch, the fences."""
