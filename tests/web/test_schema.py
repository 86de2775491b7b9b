"""What the OpenAPI document allows is answered as it says, and what it forbids is refused."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.web.served import Served

pytestmark = pytest.mark.skipif(
    find_spec("schemathesis") is None, reason="schemathesis is not installed"
)
MAX_EXAMPLES = 10
"""Of each call and kind."""


@pytest.mark.parametrize("kind", ["POSITIVE", "NEGATIVE"])
def test_every_call_keeps_to_its_document(served: Served, kind: str) -> None:
    import schemathesis

    document: Any = schemathesis.openapi.from_url(served.address + "openapi.json")
    mode = schemathesis.GenerationMode[kind]
    tried = 0
    for found in document.get_all_operations():
        operation = found.ok()
        if kind == "POSITIVE" or operation.body or operation.query:
            try_all(operation.as_strategy(generation_mode=mode))
            tried += 1
    assert tried >= 2


def try_all(cases: Any) -> None:
    """Ask with many cases; an answer that the document does not tell of fails."""
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    @given(case=cases)
    @settings(max_examples=MAX_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def try_one(case: Any) -> None:
        # What is in a picture, or in a set of labels, no document can tell.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    try_one()
