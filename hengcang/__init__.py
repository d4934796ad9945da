"""衡仓: an inventory system whose books always agree."""

__version__ = "0.1.0"
