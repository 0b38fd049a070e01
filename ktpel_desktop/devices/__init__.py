"""Drivers: blocking, without threads, Qt, database, retries or words for people (design.md 7)."""
