"""The journal and the records of the office, by SQLAlchemy."""
