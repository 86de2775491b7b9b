"""What can be watched from outside: how many requests, how fast; nothing of what was read."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
LATENCIES_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""The upper bounds that latencies are counted below."""


class Metrics:
    """The figures of one server, as Prometheus reads them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "digits_requests", "Answers by route and status", ("route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "digits_request_seconds", "From a request's head to the end of its answer", ("route",),
            buckets=LATENCIES_SECONDS, registry=self._registry,
        )  # fmt: skip
        self.live_seconds = Histogram(
            "digits_live_seconds", "From a message of a live drawing to its answer",
            buckets=LATENCIES_SECONDS, registry=self._registry,
        )  # fmt: skip
        self.under_way = Gauge(
            "digits_under_way", "Calls of the API that wait or are worked on",
            registry=self._registry,
        )  # fmt: skip
        self.sockets = Gauge("digits_sockets", "Live drawings", registry=self._registry)
        self._readings = Counter(
            "digits_readings", "Readings by source, sure or unsure", ("source", "sure"),
            registry=self._registry,
        )  # fmt: skip

    def count(self, source: str, sure: bool | None) -> None:
        """Count a reading of "strokes", "picture" or "live"; one of nothing, None, is not."""
        if sure is not None:
            self._readings.labels(source, "yes" if sure else "no").inc()

    def as_text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)
