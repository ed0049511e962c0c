"""OddsShark: player props of several books, from the site's page of them.

The page has no start times, so a capture first asks for the site's scores of today and tomorrow (Eastern),
whose ids are the page's `data-event`. What the page looks like stands in `oddsshark_page`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from pydantic import Field

from nhl_ops.domain.failures import VendorContract
from nhl_ops.domain.markets import Market
from nhl_ops.domain.settings import HostPair, PriceVendor
from nhl_ops.domain.slates import slate_of
from nhl_ops.gateways.oddsshark_events import events_of
from nhl_ops.gateways.oddsshark_page import read_page
from nhl_ops.gateways.oddsshark_prices import PriceReader
from nhl_ops.gateways.oddsshark_scores import OddsSharkScores
from nhl_ops.gateways.plausibility import require_points_likelier_than_assists
from nhl_ops.gateways.quotes import QuoteSheet
from nhl_ops.gateways.vendor import Fetch, Parsed, Payload, VendorContext, VendorRequest

PROPS_PAGE = "oddsshark_props_page"
SCORES = ("oddsshark_scores_today", "oddsshark_scores_tomorrow")
"""By days from today. Each day has an endpoint of its own: a page refers to the newest body of each."""


class Config(PriceVendor):
    """Section [oddsshark]. tabs: market by the page's tab; the prices of any other tab are dead letters."""

    site: HostPair
    tabs: dict[str, Market] = Field(min_length=1)


def vendor(config: Config, context: VendorContext) -> "OddsSharkVendor":
    return OddsSharkVendor(context.base_url(config.site), lambda: slate_of(context.now()), config.tabs)


@dataclass(frozen=True)
class OddsSharkVendor:
    """A source of prices.

    base_url: of the site. today: the Eastern date by the clock gateway. tabs: market by label of the tabs that
    are read, in any case.
    """

    base_url: str
    today: Callable[[], date]
    tabs: Mapping[str, Market]

    name: ClassVar[str] = "ODDSSHARK"
    companion_endpoints: ClassVar[tuple[str, ...]] = SCORES

    def capture(self, fetch: Fetch) -> list[Payload]:
        """The scores of today and tomorrow, then the page.

        The site is known to answer with an empty body at times, perhaps for a day without games: one day's
        scores may be unusable, and the prices of its events are then dead letters. Raises the first day's
        VendorContract when no day's are usable, and every other failure at once.
        """
        today = self.today()
        scores, unusable = [], []
        for number, endpoint in enumerate(SCORES):
            try:
                scores.append(
                    fetch(OddsSharkScores(self.base_url).scores(today + timedelta(days=number), endpoint))
                )
            except VendorContract as problem:
                unusable.append(problem)
        if not scores:
            raise unusable[0]
        page = VendorRequest(PROPS_PAGE, self._url("nhl/odds/player-props"), accepts="html")
        return [*scores, fetch(page)]

    def parse(self, payload: Payload, companions: Sequence[Payload] = ()) -> Parsed:
        """Quotes of one page; scores hold none.

        companions: the scores captured with it. A price of an event that they do not list is a dead letter.
        A page whose tabs hold no rows has no quotes. Raises VendorContract for what is not the page any more.
        """
        sheet = QuoteSheet(payload)
        if payload.endpoint != PROPS_PAGE:
            return sheet.parsed()
        reader = PriceReader(sheet, events_of(companions), self.tabs)
        for tab in read_page(payload):
            reader.read(tab)
        reader.finish()
        parsed = sheet.parsed()
        require_points_likelier_than_assists(payload, parsed.rows)
        return parsed

    def _url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"
