"""What the JSON papers for Sudin and Dinas have in common: strict models, one way to write them, and their schemas.

Each form's module prints its schema when it is run (`python -m …`), to be kept in resources/laporan; tests hold what
is kept there against the code.
"""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of a form: no field more than declared, no number that JSON does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def written(form: Strict) -> bytes:
    """The file, UTF-8: the same data always gives the same bytes."""
    return _text(form.model_dump(mode="json")).encode()


def schema_of(form: type[Strict]) -> str:
    """The JSON schema (draft 2020-12) of a form."""
    return _text(form.model_json_schema())


def _text(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
