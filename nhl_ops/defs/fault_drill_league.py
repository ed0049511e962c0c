"""The small league of a fault drill, and the ways in which it lets one vendor fail."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import requests

from nhl_ops.defs.fault_drill_house import LARGE, DrillHouse, Subject, drill_settings
from nhl_ops.defs.league_control import LeagueChoice, league_process, put_faults, serve_arguments
from nhl_ops.domain.fault_drill import NO_FAULT
from nhl_ops.domain.settings import LeagueKind, Settings
from nhl_ops.domain.slates import eastern, slate_of
from nhl_ops.gateways.clock import LEAGUE_URL, LeagueClock
from nhl_ops.league.dead_hosts import deaf_host, refusing_host
from nhl_ops.league.server.faults import FAULTS

ANCHOR = date(2026, 1, 20)
NOW = eastern(date(2026, 1, 19), 17, 30)
"""An evening with one game, after one with two."""
TEAMS, PRICED_SLATES = 8, 34
"""The smallest league, with prices of a month ago."""
OWN_ADDRESS = {"host_refuses": refusing_host, "host_deaf": deaf_host}
KINDS: Mapping[str, str] = {
    NO_FAULT: "Nothing fails.",
    "host_refuses": "Nobody listens: the connection is refused before a request.",
    "host_deaf": "The connection is neither made nor refused.",
    **{name: fault.description for name, fault in FAULTS.items()},
}
OPTIONS: Mapping[str, Mapping[str, object]] = {"slow_drip": {"pause_sec": 0.02}, "new_book": {"every": 1000}}
"""Of two books that get one new name the prices would contradict each other: one book does."""


@dataclass(frozen=True)
class DrillLeague:
    """A league that serves at `url`, and the settings with which it is asked."""

    url: str
    settings: Settings
    now: datetime = NOW

    @property
    def slate(self) -> str:
        return slate_of(self.now).isoformat()

    @property
    def finished(self) -> str:
        """The last slate before."""
        return (slate_of(self.now) - timedelta(days=1)).isoformat()

    def house(
        self, folder: Path, subject: Subject, kind: str, host: str | None, waits: list[float]
    ) -> DrillHouse:
        """A project folder that asks this league; of the subject's vendor it asks `host`, where one is given."""

        def noted(seconds: float) -> None:
            """tenacity's pauses are floats of a class of its own."""
            waits.append(float(seconds))

        settings = drill_settings(self.settings, subject, kind, host)
        return DrillHouse(folder, {LEAGUE_URL: self.url}.get, noted, settings)

    @contextmanager
    def failing(self, subject: Subject, kind: str) -> Iterator[Callable[[], int]]:
        """Within, the subject's vendor fails; gives a count of the requests that did."""
        rule: dict[str, object] = {"vendor": subject.mount, "kind": kind}
        if kind in LARGE:
            rule["size_bytes"] = self.settings.policy.drill.sent_bytes
        rule |= OPTIONS.get(kind, {})
        if kind == "swapped_sides" and subject.vendor == "ODDSSHARK":
            rule["path"] = "*/player-props"
        put_faults(self.url, [rule] if kind in FAULTS else [])
        try:
            yield self._hits
        finally:
            put_faults(self.url, [])

    def _hits(self) -> int:
        answer = requests.get(f"{self.url}/__league__/faults", timeout=10)
        answer.raise_for_status()
        return sum(rule["hits"] for plan in answer.json()["plans"] for rule in plan["rules"])


@contextmanager
def drill_league(settings: Settings, root: Path) -> Iterator[DrillLeague]:
    """A synthetic league in a process of its own, which keeps its data under `root`."""
    choice = LeagueChoice(LeagueKind.SYNTHETIC, None, ANCHOR)
    small = {"teams": TEAMS, "priced_slates": PRICED_SLATES, "faults": ()}
    policy = settings.policy.league.model_copy(update=small)
    with league_process(serve_arguments(choice, policy, root, ANCHOR)) as url:
        LeagueClock(url).move_to(NOW)
        yield DrillLeague(url, settings)
