"""Capture: ask a vendor, archive the bytes, record the sighting. Nothing here parses a price."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from nhl_ops.domain.failures import AccessDenied, MissingInput, VendorContract, VendorError, VendorRejected
from nhl_ops.domain.slates import SlateOutcome, eastern
from nhl_ops.gateways.archive import Archive
from nhl_ops.gateways.capture_tally import Tally
from nhl_ops.gateways.http import CONDITIONAL_HEADERS, HttpAnswer, HttpClient, public_url
from nhl_ops.gateways.http_breaker import Breaker, BreakerPolicy, breaker_name, worst
from nhl_ops.gateways.http_limits import Budget
from nhl_ops.gateways.http_memory import HttpMemory, HttpNotes, Validators
from nhl_ops.gateways.http_secrets import seal
from nhl_ops.gateways.state import SightingRow, State
from nhl_ops.gateways.vendor import Fetch, Payload, VendorRequest

NOT_MODIFIED = "not_modified"
FAILED = "failed:"
"""Before the URL of a failure's sighting, so that one instant can have a failure and a body of the same URL."""


@dataclass(frozen=True)
class CaptureResult:
    """What one capture of one vendor brought, and what it took.

    requests: what was asked for; attempts: times that a request went out; retries: attempts after a first one.
    payloads: all that was archived, also of a capture that failed later. received_bytes: decompressed, errors'
    bodies included. breaker: the worst of the vendor's hosts afterwards.
    quota: the vendor's last quota headers. skew_sec: the vendor's clock minus ours, the largest of the capture;
    None when the vendor sent no time. error_class: of the failure that `error` tells.
    """

    outcome: SlateOutcome
    payloads: list[Payload]
    requests: int
    error: str | None = None
    attempts: int = 0
    retries: int = 0
    not_modified: int = 0
    received_bytes: int = 0
    breaker: str = "closed"
    quota: Mapping[str, float] = field(default_factory=dict)
    skew_sec: float | None = None
    error_class: str | None = None

    @property
    def size_bytes(self) -> int:
        return sum(len(p.body) for p in self.payloads)


@dataclass
class Capturer:
    """Hands vendors a `fetch` that archives before it returns.

    `league_url`: the loopback address of the embedded league, whose port changes from run to run; a sighting
    names it `league:` instead, so that the same thing seen again is the same sighting.
    `memory`: breakers and validators that outlive the process; without it there are none. `conditional`: ask only
    for bodies that changed. `budget`: of all captures of this object. `clock`: what the vendors' `Date` should say,
    the machine's or a league's; without it there is no skew.
    """

    http: HttpClient
    archive: Archive
    state: State
    league_url: str | None = None
    memory: HttpMemory | None = None
    breaker_policy: BreakerPolicy = field(default_factory=BreakerPolicy)
    conditional: bool = False
    budget: Budget = field(default_factory=Budget)
    clock: Callable[[], datetime] | None = None

    def run(
        self, vendor: str, slate: str, now: Callable[[], datetime], work: Callable[[Fetch], list[Payload]]
    ) -> CaptureResult:
        """Let a vendor's module ask for what it needs; its failure becomes an outcome and a sighting."""
        with self.memory.open() if self.memory else nullcontext() as notes:
            one = _Capture(self, vendor, slate, now, Tally(self.budget, self.clock), notes)
            try:
                payloads = work(one.fetch)
            except (VendorError, AccessDenied) as error:
                one.record_failure(error.at(slate=slate))
                return one.result(_outcome_of(error), one.brought, error)
            self.state.record_capture(vendor, slate, now())
            return one.result(SlateOutcome.OK, payloads)

    def place(self, url: str) -> str:
        """A URL as it is recorded."""
        return url.replace(self.league_url, "league:") if self.league_url else url


@dataclass
class _Capture:
    """One run of a capturer."""

    by: Capturer
    vendor: str
    slate: str
    now: Callable[[], datetime]
    tally: Tally
    notes: HttpNotes | None
    brought: list[Payload] = field(default_factory=list)

    def fetch(self, request: VendorRequest) -> Payload:
        self.brought.append(self._fetch(request))
        return self.brought[-1]

    def _fetch(self, request: VendorRequest) -> Payload:
        self.tally.begin(request)
        now, url = self.now(), self.by.place(public_url(request))
        known = self._validators(url)
        answer = self._ask(request if known is None else _conditional(request, known))
        if answer.status == 304:
            payload = None if known is None else self._archived(request, url, now, known)
            if payload is not None:
                return payload
            answer = self._ask(_unconditional(request))
            self._put_back(answer.body)
        return self._archive(request, answer, url, now, known)

    def record_failure(self, error: VendorError | AccessDenied) -> None:
        asked = self.tally.asked[-1] if self.tally.asked else None
        endpoint = asked.endpoint if asked else f"{self.vendor.lower()}_not_asked"
        url = FAILED + (self.by.place(public_url(asked)) if asked else "-")
        outcome = _outcome_of(error)
        self.by.state.record_sighting(
            SightingRow(
                self.vendor, url, self.now(), endpoint, self.slate, None, outcome, None, str(error)
            )
        )  # fmt: skip

    def result(
        self, outcome: SlateOutcome, payloads: list[Payload], error: VendorError | AccessDenied | None = None
    ) -> CaptureResult:
        names = dict.fromkeys(breaker_name(self.vendor, request.url) for request in self.tally.asked)
        breakers = [self._breaker(name) for name in names]
        return CaptureResult(
            outcome,
            payloads,
            len(self.tally.asked),
            None if error is None else str(error),
            self.tally.attempts,
            self.tally.retries,
            self.tally.not_modified,
            self.tally.received_bytes,
            worst(b.state for b in breakers if b is not None),
            self.tally.quota,
            self.tally.skew_sec,
            None if error is None else type(error).__name__,
        )

    def _breaker(self, name: str) -> Breaker | None:
        return None if self.notes is None else Breaker(self.notes, self.by.breaker_policy, name)

    def _ask(self, request: VendorRequest) -> HttpAnswer:
        breaker = self._breaker(breaker_name(self.vendor, request.url))
        watch: AbstractContextManager[None] = breaker.watching(request) if breaker else nullcontext()
        with watch, self.by.budget.spending():
            return self.by.http.get(request, self.tally)

    def _validators(self, url: str) -> Validators | None:
        if self.notes is None or not self.by.conditional:
            return None
        return self.notes.validators(self.vendor, url)

    def _archived(self, request: VendorRequest, url: str, now: datetime, known: Validators) -> Payload | None:
        """The archived body that the vendor says still stands; None when it is gone or damaged."""
        digest = known.payload_hash
        path = self.by.state.payload_path(self.vendor, digest)
        try:
            body = None if path is None else self.by.archive.get(path, digest)
        except MissingInput:
            body = None
        if path is None or body is None:
            return None
        self.tally.not_modified += 1
        seen = SightingRow(self.vendor, url, now, request.endpoint, self.slate, 304, NOT_MODIFIED, digest)
        self.by.state.record_sighting(seen)
        return Payload(self.vendor, request.endpoint, url, now, digest, path, body)

    def _archive(
        self, request: VendorRequest, answer: HttpAnswer, url: str, now: datetime, known: Validators | None
    ) -> Payload:
        digest = self.by.archive.digest(answer.body)
        path = self.by.state.payload_path(self.vendor, digest)
        if path is None:
            digest, path = self.by.archive.put(self.vendor, answer.body, now)
        seen = SightingRow(
            self.vendor, url, now, request.endpoint, self.slate, answer.status, SlateOutcome.OK, digest
        )
        self.by.state.record_sighting(replace(seen, path=path, size_bytes=len(answer.body)))
        given = _given(request, answer, digest)
        if self.notes is not None and self.by.conditional and given != known:
            self.notes.set_validators(self.vendor, url, given)
        return Payload(self.vendor, request.endpoint, url, now, digest, path, answer.body)

    def _put_back(self, body: bytes) -> None:
        """Where equal bytes were archived first and are gone or damaged, these take their place."""
        archive = self.by.archive
        path = self.by.state.payload_path(self.vendor, archive.digest(body))
        if path is not None:
            (archive.root / path).unlink(missing_ok=True)
            year, month, day = (int(part) for part in Path(path).parts[-4:-1])
            archive.put(self.vendor, body, eastern(date(year, month, day), 12))


def _given(request: VendorRequest, answer: HttpAnswer, digest: str) -> Validators | None:
    """The validators of an answer, unless they hold a secret of the request."""
    etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    text = f"{etag} {modified}"
    if answer.status != 200 or (etag is None and modified is None) or seal(request).hide(text) != text:
        return None
    return Validators(digest, etag, modified)


def _unconditional(request: VendorRequest) -> VendorRequest:
    plain = {name: v for name, v in request.headers.items() if name.lower() not in CONDITIONAL_HEADERS}
    return replace(request, headers=plain)


def _conditional(request: VendorRequest, known: Validators) -> VendorRequest:
    plain = _unconditional(request)
    return replace(plain, headers={**plain.headers, **known.headers})


def _outcome_of(error: VendorError | AccessDenied) -> SlateOutcome:
    return (
        SlateOutcome.REJECTED
        if isinstance(error, VendorContract | VendorRejected | AccessDenied)
        else SlateOutcome.VENDOR_DOWN
    )
