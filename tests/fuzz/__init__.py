"""Coverage-guided fuzzing of what reads bytes from a chip, a SAM or a vendor (`make fuzz`, tests/fuzz/__main__.py)."""
