"""What the OpenAPI document allows is answered as it says, and what it forbids is refused."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from benchmarks.hostile import CASES_AT_A_TIME, ask_generated, until
from tests.web.served import Served

pytestmark = pytest.mark.skipif(
    find_spec("schemathesis") is None, reason="schemathesis is not installed"
)
TOO_LARGE = 413
SECONDS = 20
"""As many cases are tried as fit into these; some of each call and kind are, however long."""


def test_every_call_keeps_to_its_document(served: Served) -> None:
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    def check(case: Any) -> None:
        response = case.call()
        if response.status_code == TOO_LARGE:
            return  # it is refused before it is looked at
        # What is in a picture, or in a set of labels, no document can tell.
        case.validate_response(response, excluded_checks=[positive_data_acceptance])

    asked = ask_generated(served.address + "openapi.json", check, until(SECONDS))
    assert asked >= 2 * CASES_AT_A_TIME
