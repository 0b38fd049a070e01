"""Alembic's scripts, kept inside the package so that they work from a wheel. Run by `migrate`, never by hand."""
