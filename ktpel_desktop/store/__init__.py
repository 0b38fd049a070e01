"""The office's records: SQLAlchemy Core over SQLite, one journalled transaction per unit of work.

`sql_store.SqlStore.open(path, at=...)` is the way in; everything else is behind `core.records`.
"""
