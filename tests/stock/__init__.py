"""Documents that move goods: transfers, assemblies, adjustments."""
