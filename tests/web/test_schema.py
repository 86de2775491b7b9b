"""What the OpenAPI document allows is answered as it says, and what it forbids is refused."""

from __future__ import annotations

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from hypothesis import HealthCheck, settings

from tests.web.served import Served

MAX_EXAMPLES = 10
"""Of each call; `--hypothesis-profile` and more examples find rarer ones."""


@pytest.fixture(scope="session")
def document(served: Served) -> object:
    """The document of a server that runs."""
    return schemathesis.openapi.from_url(served.address + "openapi.json")


calls = schemathesis.pytest.from_fixture("document")


@calls.parametrize()
@settings(max_examples=MAX_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_call_keeps_to_its_document(case: schemathesis.Case) -> None:
    case.call_and_validate()
