"""The directory of 账套 and the switch that gives each request its own database."""
