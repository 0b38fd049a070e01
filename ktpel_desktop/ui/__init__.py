"""The window. The only ring that knows Qt."""
