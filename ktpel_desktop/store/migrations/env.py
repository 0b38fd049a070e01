"""Alembic's entry: the caller has opened the connection and holds the transaction."""

from alembic import context

from ktpel_desktop.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
