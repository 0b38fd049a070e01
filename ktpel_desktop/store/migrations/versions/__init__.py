"""One revision per released schema, in order."""
