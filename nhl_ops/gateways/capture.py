"""Capture: ask a vendor, archive the bytes, record the sighting. Nothing here parses a price."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from nhl_ops.domain.failures import AccessDenied, VendorContract, VendorError, VendorRejected
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.http import HttpClient
from nhl_ops.gateways.state import SightingRow, State
from nhl_ops.gateways.vendor import Fetch, Payload, VendorRequest


@dataclass(frozen=True)
class CaptureResult:
    """What one capture of one vendor brought."""

    outcome: SlateOutcome
    payloads: list[Payload]
    requests: int
    error: str | None = None

    @property
    def size_bytes(self) -> int:
        return sum(len(p.body) for p in self.payloads)


@dataclass
class Capturer:
    """Hands vendors a `fetch` that archives before it returns.

    `league_url`: the loopback address of the embedded league, whose port changes from run to run; a sighting
    names it `league:` instead, so that the same thing seen again is the same sighting.
    """

    http: HttpClient
    archive: Archive
    state: State
    league_url: str | None = None

    def run(
        self, vendor: str, slate: str, now: Callable[[], datetime], work: Callable[[Fetch], list[Payload]]
    ) -> CaptureResult:
        """Let a vendor's module ask for what it needs; its failure becomes an outcome and a sighting."""
        asked: list[VendorRequest] = []

        def fetch(request: VendorRequest) -> Payload:
            asked.append(request)
            return self._fetch(vendor, slate, now(), request)

        try:
            payloads = work(fetch)
        except (VendorError, AccessDenied) as error:
            outcome = _outcome_of(error)
            error.at(slate=slate)
            failed = asked[-1] if asked else VendorRequest(f"{vendor.lower()}_not_asked", "-")
            self.state.record_sighting(
                SightingRow(
                    vendor,
                    self._place(failed.url),
                    now(),
                    failed.endpoint,
                    slate,
                    None,
                    outcome,
                    None,
                    str(error),
                )
            )
            return CaptureResult(outcome, [], len(asked), str(error))
        self.state.record_capture(vendor, slate, now())
        return CaptureResult(SlateOutcome.OK, payloads, len(asked))

    def _fetch(self, vendor: str, slate: str, now: datetime, request: VendorRequest) -> Payload:
        answer = self.http.get(request)
        digest = self.archive.digest(answer.body)
        path = self.state.payload_path(vendor, digest)
        if path is None:
            digest, path = self.archive.put(vendor, answer.body, now)
        url = self._place(answer.url)
        seen = SightingRow(vendor, url, now, request.endpoint, slate, answer.status, SlateOutcome.OK, digest)
        self.state.record_sighting(replace(seen, path=path, size_bytes=len(answer.body)))
        return Payload(vendor, request.endpoint, url, now, digest, path, answer.body)

    def _place(self, url: str) -> str:
        return url.replace(self.league_url, "league:") if self.league_url else url


def _outcome_of(error: VendorError | AccessDenied) -> SlateOutcome:
    return (
        SlateOutcome.REJECTED
        if isinstance(error, VendorContract | VendorRejected | AccessDenied)
        else SlateOutcome.VENDOR_DOWN
    )
