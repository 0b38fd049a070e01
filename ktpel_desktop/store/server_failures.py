"""What PostgreSQL and the way to it can say, as the program's error codes: the counterpart of `failures`.

A failure that has no code here is a bug of ours (a refused constraint, a wrong statement) and passes unchanged.
"""

from __future__ import annotations

import psycopg
from psycopg import errors

from ktpel_desktop.core.errors import Effect, StoreError

_BUSY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)
_LOGIN = (errors.InvalidPassword, errors.InvalidAuthorizationSpecification)


def store_error(error: BaseException, host: str, *, committing: bool = False) -> StoreError | None:
    """The StoreError for what psycopg said of the server `host`, None for a bug.

    Outside a commit nothing was kept, for the server undoes what was not committed. Whether a commit whose answer
    was lost is kept only the server knows: UNKNOWN.
    """
    effect = Effect.UNKNOWN if committing else Effect.NONE
    if not isinstance(error, psycopg.Error):
        return None
    if isinstance(error, _BUSY):
        return StoreError("store.busy", file=host)
    if isinstance(error, errors.DiskFull):
        return StoreError("store.disk_full", file=host)
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return StoreError("store.read_only", file=host)
    if isinstance(error, _LOGIN) or "password authentication failed" in str(error):
        return StoreError("store.login_refused", server=host)
    if isinstance(error, errors.InsufficientPrivilege):
        return StoreError("store.not_allowed", server=host)
    if isinstance(error, psycopg.OperationalError | errors.IdleInTransactionSessionTimeout):
        return StoreError("store.server_gone", effect, server=host)
    if isinstance(error, psycopg.InterfaceError) and "closed" in str(error):
        return StoreError("store.server_gone", effect, server=host)
    return None
