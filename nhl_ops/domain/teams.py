"""NHL teams: tri-codes, ids, names, and every spelling met, each with the dates between which it holds."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from nhl_ops.domain.identity import name_key


@dataclass(frozen=True)
class Team:
    """One team under one name. `tri` and `team_id` are the NHL's; `first` and `last` count, None = open."""

    tri: str
    team_id: int
    place: str
    common: str
    short: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def name(self) -> str:
        return f"{self.place} {self.common}"

    def spellings(self) -> set[str]:
        """Normalized spellings: names, codes, and codes with the common name ("DAL Stars", "NY Rangers")."""
        codes = (self.tri, *self.short)
        spelt = {self.name, self.common, *codes, *(f"{code} {self.common}" for code in codes)}
        if self.place != "New York":
            spelt.add(self.place)
        return {name_key(text) for text in spelt}


TEAMS: tuple[Team, ...] = (
    Team("ANA", 24, "Anaheim", "Ducks", ("ANH",)),
    Team("ARI", 53, "Arizona", "Coyotes", first=date(2014, 7, 1), last=date(2024, 6, 30)),
    Team("BOS", 6, "Boston", "Bruins"),
    Team("BUF", 7, "Buffalo", "Sabres"),
    Team("CAR", 12, "Carolina", "Hurricanes"),
    Team("CBJ", 29, "Columbus", "Blue Jackets", ("CLB",)),
    Team("CGY", 20, "Calgary", "Flames", ("CAL",)),
    Team("CHI", 16, "Chicago", "Blackhawks"),
    Team("COL", 21, "Colorado", "Avalanche"),
    Team("DAL", 25, "Dallas", "Stars"),
    Team("DET", 17, "Detroit", "Red Wings"),
    Team("EDM", 22, "Edmonton", "Oilers"),
    Team("FLA", 13, "Florida", "Panthers"),
    Team("LAK", 26, "Los Angeles", "Kings", ("LA", "L.A")),
    Team("MIN", 30, "Minnesota", "Wild"),
    Team("MTL", 8, "Montréal", "Canadiens", ("MON",)),
    Team("NJD", 1, "New Jersey", "Devils", ("NJ", "N.J")),
    Team("NSH", 18, "Nashville", "Predators", ("NAS",)),
    Team("NYI", 2, "New York", "Islanders", ("NY", "N.Y")),
    Team("NYR", 3, "New York", "Rangers", ("NY", "N.Y")),
    Team("OTT", 9, "Ottawa", "Senators"),
    Team("PHI", 4, "Philadelphia", "Flyers"),
    Team("PHX", 27, "Phoenix", "Coyotes", last=date(2014, 6, 30)),
    Team("PIT", 5, "Pittsburgh", "Penguins"),
    Team("SEA", 55, "Seattle", "Kraken", first=date(2021, 7, 1)),
    Team("SJS", 28, "San Jose", "Sharks", ("SJ", "S.J")),
    Team("STL", 19, "St. Louis", "Blues", ("Saint Louis",)),
    Team("TBL", 14, "Tampa Bay", "Lightning", ("TB", "T.B", "Tampa")),
    Team("TOR", 10, "Toronto", "Maple Leafs"),
    Team("UTA", 59, "Utah", "Hockey Club", ("UTAH", "UTH", "Utah HC"), date(2024, 7, 1), date(2025, 6, 30)),
    Team("UTA", 68, "Utah", "Mammoth", ("UTAH", "UTH"), first=date(2025, 7, 1)),
    Team("VAN", 23, "Vancouver", "Canucks"),
    Team("VGK", 54, "Vegas", "Golden Knights", ("VEG", "VGS", "Las Vegas"), first=date(2017, 7, 1)),
    Team("WPG", 52, "Winnipeg", "Jets", ("WIN",)),
    Team("WSH", 15, "Washington", "Capitals", ("WAS",)),
)


def tri_code(spelling: str, on: date) -> str | None:
    """Tri-code of a team as a vendor spells it on a date; None when unknown or not one team ("New York")."""
    return _spellings(*_season_key(on)).get(name_key(spelling))


def team_on(tri: str, on: date) -> Team | None:
    """The team behind a tri-code on a date."""
    return next((team for team in TEAMS if team.tri == tri and team.holds_on(on)), None)


def _season_key(on: date) -> tuple[int, int]:
    return (on.year, 7) if on.month >= 7 else (on.year, 1)


@cache
def _spellings(year: int, month: int) -> dict[str, str]:
    """Spellings that hold in a half year (teams change on the first of July) and belong to one team alone."""
    owners: dict[str, set[str]] = {}
    for team in TEAMS:
        if team.holds_on(date(year, month, 1)):
            for text in team.spellings():
                owners.setdefault(text, set()).add(team.tri)
    return {text: next(iter(tris)) for text, tris in owners.items() if len(tris) == 1}
