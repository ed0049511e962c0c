"""One capture of The Odds API: paid requests under a daily cap, and markets that the vendor refuses.

A refusal (422) of several markets at once says nothing about the good ones, so each is asked alone and only
the refused are left out. What a capture could not ask is told at its end, when the rest is archived.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from nhl_ops.domain.failures import FailureClass, VendorError, VendorErrorBody, VendorRejected
from nhl_ops.gateways.odds_api_board import Board, board_of, market_keys
from nhl_ops.gateways.odds_api_credits import CreditLedger
from nhl_ops.gateways.vendor import Fetch, Payload, VendorRequest

BAD_PARAMETER = 422
NOT_FOUND = 404
EVENT_ODDS = "odds_api_event_odds"
RequestOf = Callable[[Sequence[str]], VendorRequest]
"""The request for some markets of an event."""


class CaptureIncomplete(VendorRejected):
    """A capture left something out. payloads: what it did bring, all of it archived."""

    def __init__(self, url: str, cause: str, next_step: str, payloads: Sequence[Payload] = ()) -> None:
        super().__init__(EVENT_ODDS, url, cause, next_step)
        self.args = (url, cause, next_step)
        self.payloads = list(payloads)


class MarketsRefused(CaptureIncomplete):
    """The vendor refused some of the configured markets; the others were asked without them."""


class CreditCapReached(CaptureIncomplete):
    """The day's credits are spent; the events that are left were not asked."""

    failure_class: ClassVar[FailureClass] = FailureClass.PERMISSION


class EventsGone(CaptureIncomplete):
    """Events were listed and, when asked for, not there any more."""


class _CapReached(Exception):  # noqa: N818 - control flow inside this module
    pass


@dataclass
class Round:
    """Paid requests of one capture and what became of them. cap: credits a day; units: regions paid for."""

    fetch: Fetch
    ledger: CreditLedger
    day: date
    cap: int
    units: int
    markets: list[str]
    url: str
    payloads: list[Payload] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    gone: int = 0
    unasked: int = 0

    def listing(self, request: VendorRequest, price: int) -> Board:
        """The board of a list of events: none when the cap leaves no credits for it, which `finish` tells."""
        try:
            return self._paid(request, price, lambda board: price if board.events else 0)
        except _CapReached:
            self.unasked += 1
            return Board([])

    def event(self, request_of: RequestOf, factor: int) -> None:
        """Ask one event for all markets that are not refused; `factor`: credits a market and region.

        Raises the vendor's failure unless it is a refusal of the markets or of this event.
        """
        try:
            self._markets(request_of, factor)
        except _CapReached:
            self.unasked += 1
        except VendorRejected as refusal:
            if refusal.status != NOT_FOUND:
                raise
            self.gone += 1

    def finish(self) -> list[Payload]:
        """The payloads. Raises CaptureIncomplete when markets or events were left out."""
        problems = list(self._problems())
        if problems:
            causes = "; ".join(cause for _, cause, _ in problems)
            advice = "; ".join(step for _, _, step in problems)
            raise problems[0][0](self.url, causes, advice, self.payloads)
        return self.payloads

    def _markets(self, request_of: RequestOf, factor: int) -> None:
        if not self.markets:
            self.unasked += 1
            return
        try:
            self._event_odds(request_of, self.markets, factor)
        except VendorRejected as refusal:
            if refusal.status != BAD_PARAMETER:
                raise
            if len(self.markets) == 1:
                self._refuse(self.markets[0], refusal)
                return
            for market in tuple(self.markets):
                self._alone(request_of, market, factor)

    def _alone(self, request_of: RequestOf, market: str, factor: int) -> None:
        try:
            self._event_odds(request_of, [market], factor)
        except VendorRejected as refusal:
            if refusal.status != BAD_PARAMETER:
                raise
            self._refuse(market, refusal)

    def _refuse(self, market: str, refusal: VendorRejected) -> None:
        _, _, words, *_ = refusal.args
        self.markets.remove(market)
        self.refused[market] = words

    def _event_odds(self, request_of: RequestOf, markets: Sequence[str], factor: int) -> None:
        price = factor * self.units
        self._paid(request_of(markets), price * len(markets), lambda board: price * len(market_keys(board)))

    def _paid(self, request: VendorRequest, estimate: int, cost: Callable[[Board], int]) -> Board:
        """Reserve the estimate, ask, and book what the answer costs by the documentation.

        An answer of 400 and more costs nothing; one that never came may have been charged, so it counts.
        """
        if estimate and self.ledger.spent(self.day) + estimate > self.cap:
            raise _CapReached
        self.ledger.add(self.day, estimate)
        try:
            payload = self.fetch(request)
        except VendorError as failure:
            if failure.status is not None and failure.status >= 400:
                self.ledger.add(self.day, -estimate)
            raise
        self.payloads.append(payload)
        board = board_of(payload)
        if board.error:
            raise VendorErrorBody(payload.endpoint, payload.url, board.error, status=200)
        self.ledger.add(self.day, cost(board) - estimate)
        return board

    def _problems(self) -> Iterable[tuple[type[CaptureIncomplete], str, str]]:
        if self.refused:
            words = ", ".join(f"{market} ({why})" for market, why in self.refused.items())
            left = (
                "" if self.markets else f"; no market is left, and {self.unasked} more events were not asked"
            )
            step = "correct markets in config/vendors.toml [odds_api] by the vendor's list of market keys"
            yield MarketsRefused, f"the vendor refused {len(self.refused)} markets: {words}{left}", step
        if self.unasked and self.markets:
            cause = (
                f"{self.unasked} requests were not made: {self.ledger.spent(self.day)} of the {self.cap} credits "
                f"of {self.day} are spent, and the next request would exceed the cap"
            )
            step = "wait for the next day, or raise daily_credit_cap in config/vendors.toml [odds_api]"
            yield CreditCapReached, cause, step
        if self.gone:
            step = "nothing, if the games were put off; else compare the events with the NHL's schedule"
            yield EventsGone, f"{self.gone} events were gone when asked for (HTTP 404)", step
