"""Asking a league's server over its socket, at a virtual instant."""

from typing import Any

import requests

from nhl_ops.league.server.runner import LeagueServer

KEY = {"X-Api-Key": "any"}
CDN = "/unabated-cdn/markets/v2/league/6/propodds.json"
PLAYNOW = "/playnow/content-service/api/v1/q"
STATS = "/nhl-stats/stats/rest/en"


class Asker:
    """A vendor's client in a few lines."""

    def __init__(self, server: LeagueServer) -> None:
        self.url = server.url
        self.session = requests.Session()

    def at(self, now: str) -> "Asker":
        """Move the league's clock."""
        answer = self.session.post(f"{self.url}/__league__/clock", json={"now": now}, timeout=5)
        answer.raise_for_status()
        return self

    def ask(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=10, **options)

    def json(self, path: str, **options: Any) -> Any:
        answer = self.ask(path, **options)
        answer.raise_for_status()
        return answer.json()

    def stats(self, report: str, **params: Any) -> Any:
        """A page of the stats API by game, all rows unless a limit is given."""
        return self.json(f"{STATS}/{report}", params={"isGame": "true", "limit": -1, **params})

    def cdn(self) -> list[dict[str, Any]]:
        """Rows of the CDN's pregame board."""
        return self.json(CDN, params={"v": "1"})["odds"]["lg6:pt1:pregame"]

    def events(self, **params: str) -> list[dict[str, Any]]:
        """PlayNow's NHL event list, markets included."""
        asked = {"drilldownTagIds": "220", "includeChildMarkets": "true", **params}
        return self.json(f"{PLAYNOW}/event-list", params=asked)["data"]["events"]

    def close(self) -> None:
        self.session.close()
