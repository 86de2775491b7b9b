"""What the server takes at most, and how it was asked to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

MAX_STROKES = 120
"""In a drawing; the time that reading takes grows with their square."""
MAX_POINTS = 20_000
"""In all strokes of a drawing."""
MAX_HAND_DRAWINGS, MAX_HAND_POINTS = 100, 20_000
"""In a hand that is sent along; the network looks at each of its drawings."""
MAX_LABELS = 100
"""Characters that a request may ask for."""


@dataclass(frozen=True)
class ServiceLimits:
    """What one server takes at most; what is more is refused with a reason.

    picture_bytes, drawing_bytes: of a request with a picture, of any other. upload_seconds: until
    all of a request is there. reading_seconds: until it is read. requests, request_bytes:
    that are under way at a time. sockets: live drawings at a time. message_seconds: until a live
    drawing goes on.
    """

    picture_bytes: int = 20 * 2**20
    drawing_bytes: int = 2**20
    upload_seconds: float = 30.0
    reading_seconds: float = 10.0
    requests: int = 64
    request_bytes: int = 256 * 2**20
    sockets: int = 64
    message_seconds: float = 600.0


@dataclass(frozen=True)
class ServiceSettings:
    """How a server runs.

    model: the folder of its model; None for the saved one. token: what every call of the API must
    carry; None for none. allowed_hosts: names that it is called by, beside its own address.
    workers: processes that read drawings and pictures.
    """

    model: Path | None = None
    token: str | None = None
    allowed_hosts: frozenset[str] = frozenset()
    workers: int = 1
    limits: ServiceLimits = field(default_factory=ServiceLimits)
