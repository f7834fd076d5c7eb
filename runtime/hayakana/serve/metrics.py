"""What ``/metrics`` counts: requests, names, calls and times. Never a name, a key or an address."""

from collections import Counter
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client import Counter as Counted
from prometheus_client.exposition import generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from hayakana.results import Status

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_NAMES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096)


class Metrics:
    """The metrics of one service, in a registry of their own."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self._requests = Counted(
            "hayakana_requests", "Requests that were answered.", ["route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "hayakana_request_seconds", "Time of a request.", ["route"], buckets=_SECONDS, registry=registry
        )
        self._problems = Counted("hayakana_problems", "Requests that were refused.", ["error_type"], registry=registry)
        self._names = Counted(
            "hayakana_names",
            "Names that were answered.",
            ["model", "status"],
            registry=registry,
        )
        self._call_names = Histogram(
            "hayakana_call_names", "Names that were answered in one call.", ["model"], buckets=_NAMES, registry=registry
        )
        self._call_seconds = Histogram(
            "hayakana_call_seconds", "Time of a call.", ["model"], buckets=_SECONDS, registry=registry
        )
        self.waiting = Gauge("hayakana_names_waiting", "Names that wait for an answer.", registry=registry)
        self.under_way = Gauge("hayakana_requests_under_way", "Requests that are not answered.", registry=registry)
        self.streams = Gauge("hayakana_streams", "Streams of NDJSON that are open.", registry=registry)

    def of_request(self, route: str, status: int, seconds: float, problem: str | None) -> None:
        """Count a request."""
        self._requests.labels(route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)
        if problem is not None:
            self._problems.labels(problem).inc()

    def of_call(self, model: str, names: int, seconds: float) -> None:
        """Count a call."""
        self._call_names.labels(model).observe(names)
        self._call_seconds.labels(model).observe(seconds)

    def of_names(self, model: str, statuses: Iterable[Status]) -> None:
        """Count names by what became of them."""
        for status, count in Counter(statuses).items():
            self._names.labels(model, status.value).inc(count)

    def text(self) -> bytes:
        """Return all of it, in Prometheus' text format."""
        return generate_latest(self._registry)
