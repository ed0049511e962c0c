"""Franchises of the synthetic league: real tri-codes, ids and places; one moves between the seasons."""

from dataclasses import dataclass

import pandas as pd

from nhl_ops.league.dataset import TEAM_COLUMNS


@dataclass(frozen=True)
class Franchise:
    """A team in its current city. `evening_et` is its usual start in Eastern time (hour, minute)."""

    code: str
    team_id: int
    place_name: str
    common_name: str
    evening_et: tuple[int, int]
    former: tuple[str, int, str, str] | None = None
    """Tri-code, id, place and name before it moved."""

    def code_in(self, season_no: int, current_season_no: int) -> str:
        return self.former[0] if self.former and season_no < current_season_no else self.code


EAST, CENTRAL, MOUNTAIN, PACIFIC = (19, 0), (20, 0), (21, 0), (22, 0)

FRANCHISES = (
    Franchise("CAR", 12, "Carolina", "Hurricanes", EAST),
    Franchise("VAN", 23, "Vancouver", "Canucks", PACIFIC),
    Franchise("UTA", 68, "Utah", "Mammoth", MOUNTAIN, ("ARI", 53, "Arizona", "Coyotes")),
    Franchise("MTL", 8, "Montréal", "Canadiens", EAST),
    Franchise("STL", 19, "St. Louis", "Blues", CENTRAL),
    Franchise("NJD", 1, "New Jersey", "Devils", (19, 30)),
    Franchise("LAK", 26, "Los Angeles", "Kings", (22, 30)),
    Franchise("TOR", 10, "Toronto", "Maple Leafs", EAST),
    Franchise("ANA", 24, "Anaheim", "Ducks", PACIFIC),
    Franchise("BOS", 6, "Boston", "Bruins", EAST),
    Franchise("BUF", 7, "Buffalo", "Sabres", EAST),
    Franchise("CBJ", 29, "Columbus", "Blue Jackets", EAST),
    Franchise("CGY", 20, "Calgary", "Flames", MOUNTAIN),
    Franchise("CHI", 16, "Chicago", "Blackhawks", (20, 30)),
    Franchise("COL", 21, "Colorado", "Avalanche", MOUNTAIN),
    Franchise("DAL", 25, "Dallas", "Stars", CENTRAL),
    Franchise("DET", 17, "Detroit", "Red Wings", EAST),
    Franchise("EDM", 22, "Edmonton", "Oilers", MOUNTAIN),
    Franchise("FLA", 13, "Florida", "Panthers", EAST),
    Franchise("MIN", 30, "Minnesota", "Wild", CENTRAL),
    Franchise("NSH", 18, "Nashville", "Predators", CENTRAL),
    Franchise("NYI", 2, "New York", "Islanders", (19, 30)),
    Franchise("NYR", 3, "New York", "Rangers", EAST),
    Franchise("OTT", 9, "Ottawa", "Senators", EAST),
    Franchise("PHI", 4, "Philadelphia", "Flyers", (19, 30)),
    Franchise("PIT", 5, "Pittsburgh", "Penguins", EAST),
    Franchise("SEA", 55, "Seattle", "Kraken", PACIFIC),
    Franchise("SJS", 28, "San Jose", "Sharks", PACIFIC),
    Franchise("TBL", 14, "Tampa Bay", "Lightning", EAST),
    Franchise("VGK", 54, "Vegas", "Golden Knights", PACIFIC),
    Franchise("WPG", 52, "Winnipeg", "Jets", CENTRAL),
    Franchise("WSH", 15, "Washington", "Capitals", EAST),
)


def choose_franchises(n_teams: int) -> tuple[Franchise, ...]:
    """The first n franchises. Raises ValueError for an odd number or one outside 8..32."""
    if n_teams % 2 or not 8 <= n_teams <= len(FRANCHISES):
        raise ValueError(f"n_teams is {n_teams}; give an even number from 8 to {len(FRANCHISES)}")
    return FRANCHISES[:n_teams]


def teams_frame(franchises: tuple[Franchise, ...], seasons: int) -> pd.DataFrame:
    """Every tri-code that plays in the league's seasons, columns of `dataset.TEAM_COLUMNS`."""
    rows = [(f.code, f.team_id, f.place_name, f.common_name) for f in franchises]
    if seasons > 1:
        rows += [f.former for f in franchises if f.former]
    return pd.DataFrame(sorted(rows), columns=TEAM_COLUMNS)
