"""A form for other offices: strict when it is made, the same bytes each time, a schema that demands every field."""

import json
import math
from typing import Literal

import pytest
from pydantic import ValidationError

from ktpel_desktop.documents.exchange_form import Strict, schema_of, written


class Contoh(Strict):
    """A form of two fields."""

    skema: Literal["contoh/1"]
    nilai: float


def test_what_is_not_declared_or_no_number_is_refused() -> None:
    for odd in ({"nilai": 1.0, "lain": 1}, {"nilai": math.nan}, {"nilai": math.inf}, {}):
        with pytest.raises(ValidationError):
            Contoh.model_validate({"skema": "contoh/1", **odd})


def test_it_is_written_as_utf_8_and_read_back() -> None:
    content = written(Contoh(skema="contoh/1", nilai=0.5))
    assert content == written(Contoh.model_validate_json(content))
    assert json.loads(content) == {"skema": "contoh/1", "nilai": 0.5}
    assert content.endswith(b"\n")


def test_the_schema_demands_every_field_and_no_other() -> None:
    told = json.loads(schema_of(Contoh))
    assert told["required"] == ["skema", "nilai"]
    assert told["additionalProperties"] is False
