"""A server in the tests' own process, and one as a person starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.served import Served, client_of, serving


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """Asks a server in this process, which needs no token."""
    with client_of() as found:
        yield found


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """A server as a person starts it, for this machine alone."""
    with serving() as found:
        yield found
