"""What a run did, as plain values: for `daily_run_<date>.md`, `ingest_status_<date>.json` and the command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from nhl_ops.domain.slates import FAILED_OUTCOMES, AsOfMode, SlateOutcome


class RunStatus(StrEnum):
    """How a run ended. Degraded: a vendor failed or a slate is held, and the rest is published."""

    SUCCEEDED = "succeeded"
    DEGRADED = "degraded"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def exit_code(self) -> int:
        return {RunStatus.DEGRADED: 3, RunStatus.FAILED: 1}.get(self, 0)


def ended_well(vendors: Iterable[str], slates: Iterable[str] = (), *, incomplete: bool) -> RunStatus:
    """How a run that came to its end is called: the one place where a kind of nothing changes the exit code.

    Degraded if a vendor that it asked was down or rejected, if it could have asked one and did not for a slate that
    has no prices, or if it is `incomplete`: a slate is held or was not published. All other outcomes of vendors and
    slates are facts of the day and change nothing.
    """
    failed = not FAILED_OUTCOMES.isdisjoint(vendors) or SlateOutcome.NOT_ASKED in set(slates)
    return RunStatus.DEGRADED if incomplete or failed else RunStatus.SUCCEEDED


class StepStatus(StrEnum):
    SUCCEEDED = "succeeded"
    DEGRADED = "degraded"
    FAILED = "failed"
    SKIPPED = "skipped"


class Severity(StrEnum):
    """What a failed check does: an error holds the slate back, a warning does not."""

    ERROR = "error"
    WARN = "warn"


@dataclass(frozen=True)
class StepResult:
    """One step of the run, in the order it ran. `rows` is null where a step writes none."""

    name: str
    status: StepStatus
    seconds: float | None = None
    rows: int | None = None
    ended_at_utc: datetime | None = None


@dataclass(frozen=True)
class VendorOutcome:
    """What a vendor gave in this run; `error` is shortened and holds no secret."""

    vendor: str
    outcome: SlateOutcome
    requests: int = 0
    payloads: int = 0
    quotes: int = 0
    error: str | None = None


@dataclass(frozen=True)
class CheckResult:
    """`name` is a sentence that is true when all is well, with underscores; `slate` None = the whole run."""

    name: str
    passed: bool
    severity: Severity = Severity.ERROR
    slate: date | None = None
    detail: str = ""


@dataclass(frozen=True)
class BestBet:
    """One wager as a person reads it. EV is in percent of the stake; times are UTC."""

    rank: int
    player_name: str
    team: str
    opponent: str
    market: str
    line: float
    side: str
    book_name: str
    price_american: int
    ev_pct: float
    ev_model_pct: float | None
    is_suspect: bool
    start_time_utc: datetime


@dataclass(frozen=True)
class SlateFigures:
    """Figures of one slate; `mapped_share` is null without quotes."""

    slate: date
    outcome: SlateOutcome
    games: int
    quotes_by_vendor: Mapping[str, int]
    mapped_share: float | None
    best_bets: int

    @property
    def quotes(self) -> int:
        return sum(self.quotes_by_vendor.values())


@dataclass(frozen=True)
class HeldSlate:
    """A slate whose new results were not published; readers still see the former ones."""

    slate: date
    reason: str


@dataclass(frozen=True)
class Failure:
    """One failure: its class, what happened to what, and the command to type next."""

    failure_class: str
    message: str
    next_command: str
    step: str | None = None


@dataclass(frozen=True)
class RunSummary:
    """A run in one value. `files` are paths relative to the project."""

    run_id: str
    slates: tuple[date, ...]
    as_of_mode: AsOfMode
    started_at_utc: datetime
    ended_at_utc: datetime
    status: RunStatus
    model_version: str | None = None
    steps: tuple[StepResult, ...] = ()
    vendors: tuple[VendorOutcome, ...] = ()
    figures: tuple[SlateFigures, ...] = ()
    best_bets: tuple[BestBet, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    held: tuple[HeldSlate, ...] = ()
    files: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def exit_code(self) -> int:
        return self.status.exit_code

    @property
    def seconds(self) -> float:
        return (self.ended_at_utc - self.started_at_utc).total_seconds()


@dataclass(frozen=True)
class Asked:
    """What asking a vendor for one slate took in one run: the metadata of its capture asset, by the same names.

    captures: boards asked for now, captured_before: by earlier runs. requests: documents asked for; attempts: times
    that a request went out; retries: attempts after a first one; not_modified: requests answered with 304.
    payloads, size_bytes: bodies that were brought. received_bytes: what came, decompressed, errors included.
    breaker: of the vendor's hosts afterwards. quota_left, quota_used: credits by the vendor's own last word.
    skew_sec: the vendor's clock minus ours, the largest. None: nothing tells.
    """

    captures: int | None = None
    captured_before: int | None = None
    requests: int | None = None
    attempts: int | None = None
    retries: int | None = None
    not_modified: int | None = None
    payloads: int | None = None
    size_bytes: int | None = None
    received_bytes: int | None = None
    breaker: str | None = None
    quota_left: float | None = None
    quota_used: float | None = None
    skew_sec: float | None = None


class Accounted:
    """What has these figures: seen = accepted + duplicate + other slate + quarantined."""

    seen: int
    accepted: int
    duplicate: int
    other_slate: int
    quarantined_by_rule: Mapping[str, int]

    @property
    def quarantined(self) -> int:
        return sum(self.quarantined_by_rule.values())

    @property
    def is_balanced(self) -> bool:
        return self.seen == self.accepted + self.duplicate + self.other_slate + self.quarantined


@dataclass(frozen=True)
class Counted(Accounted):
    """What became of a vendor's quotes for one slate.

    payloads_read: payloads of the slate's capture dates. newest_quote_at_utc: the last time by the slate's as-of
    that a board with quotes of the slate was seen; newest_quote_age_sec: how long before as-of that was.
    """

    payloads_read: int = 0
    seen: int = 0
    accepted: int = 0
    duplicate: int = 0
    other_slate: int = 0
    quarantined_by_rule: Mapping[str, int] = field(default_factory=dict)
    mapped: int = 0
    newest_quote_at_utc: datetime | None = None
    newest_quote_age_sec: float | None = None


@dataclass(frozen=True)
class VendorIngest:
    """What one vendor gave for one slate. outcome: None when the run did not ask; counted: when it was not counted."""

    vendor: str
    outcome: SlateOutcome | None
    asked: Asked = Asked()
    counted: Counted | None = None
    error: str | None = None


@dataclass(frozen=True)
class IngestStatus:
    """What the vendors of one slate gave, as of the end of a run."""

    slate: date
    run_id: str
    as_of_mode: AsOfMode
    generated_at_utc: datetime
    vendors: tuple[VendorIngest, ...] = ()
