"""Drivers of card printers."""
