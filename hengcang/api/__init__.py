"""The JSON face: shape in, action or query, shape out. No business rule."""
