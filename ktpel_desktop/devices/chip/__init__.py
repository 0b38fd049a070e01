"""The chip: what its bytes mean. Knows no reader, no operating system and no pyscard (import-linter holds it)."""
