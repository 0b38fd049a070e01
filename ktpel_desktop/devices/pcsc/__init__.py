"""Readers by PC/SC, on pyscard's raw SCard* calls: how bytes travel to a card, and which cards lie where."""
