"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Tables only: rules and views are put by `sqlite_rules` after every migration."""
    ${upgrades if upgrades else "pass"}
