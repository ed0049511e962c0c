"""From the captures of a fault drill to rows: the NHL's games, players and results, and all vendors' prices."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pandas as pd

from nhl_ops.contracts import results as tables
from nhl_ops.contracts.odds import FACT_PROP_ODDS
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.aliases import read_rejections
from nhl_ops.defs.house import House
from nhl_ops.defs.odds import captures_from
from nhl_ops.defs.raw_odds import payloads_and_sightings
from nhl_ops.defs.results import day_reports, observed, parse_all, payloads, team_in
from nhl_ops.domain.capture_plan import LOOKBACK_DAYS
from nhl_ops.domain.slates import AsOfMode
from nhl_ops.gateways.nhl import BOXSCORE, ROSTER, SCHEDULE, CapturedRoster, parse_rosters
from nhl_ops.gateways.nhl_boxscore import parse_boxscores
from nhl_ops.gateways.nhl_schedule import parse_schedules
from nhl_ops.gateways.nhl_stats import StatsReport
from nhl_ops.gateways.vendor import Parsed, Payload
from nhl_ops.transforms.fair_prices import fair_prices
from nhl_ops.transforms.mapping_review import mapping_review
from nhl_ops.transforms.prop_odds import FACT_KEY, Reference, normalize
from nhl_ops.transforms.reference import dim_games, dim_players
from nhl_ops.transforms.results import complete
from nhl_ops.transforms.sightings import standing

Left = frozenset[tuple[tuple[str, str, tuple[tuple[str, int], ...]], int]]
"""Payloads by vendor, digest (none of a vendor without a quote) and dead letters by rule, and how many of each."""

COUNTS = ["seen", "accepted", "duplicate", "other_slate", "mapped"]


@dataclass(frozen=True)
class NhlRows:
    """games, players: DIM_GAMES and DIM_PLAYERS. rows: what was accepted; repeated: more of
    the same; rules: dead letters."""

    games: pd.DataFrame
    players: pd.DataFrame
    rows: int
    repeated: int
    rules: dict[str, int]

    @property
    def reference(self) -> int:
        """Equal for equal games and players."""
        frames = (self.games, self.players)
        return hash(tuple(int(pd.util.hash_pandas_object(frame).sum()) for frame in frames))


def nhl_rows(house: House, slate: str) -> NhlRows:
    """Games and players of the slate from the schedules and rosters that were captured for it."""
    weeks = payloads(house, "NHL", [SCHEDULE], slate)
    rosters = payloads(house, "NHL", [ROSTER], slate)

    def players_of(found: list[Payload]) -> Parsed:
        return parse_rosters([CapturedRoster(p, team_in(p.url), slate) for p in found])

    schedule = observed(tables.RAW_NHL_SCHEDULE, [parse_all(house, parse_schedules, weeks).rows])
    people = observed(tables.RAW_NHL_ROSTERS, [parse_all(house, players_of, rosters).rows])
    now = pd.Series([house.clock.now()], dtype="datetime64[us, UTC]")
    games = dim_games(
        schedule, pd.DataFrame({"game_date": [slate], "mode": [AsOfMode.LIVE.value], "now_utc": now})
    )
    appeared = (tables.FACT_SKATER_GAMES.empty_frame(), tables.FACT_GOALIE_GAMES.empty_frame())
    players = dim_players(games, people, *appeared)
    frames = {tables.RAW_NHL_SCHEDULE: schedule, tables.RAW_NHL_ROSTERS: people}
    return _told(house, games, players, frames, [*weeks, *rosters])


def nhl_results_rows(house: House, slate: str) -> NhlRows:
    """Results, skaters and goalies of a finished slate."""
    boxes = payloads(house, "NHL_RESULTS", [BOXSCORE], slate)
    reports = payloads(house, "NHL_RESULTS", [r.endpoint for r in StatsReport], slate)
    parsed = parse_all(house, parse_boxscores, boxes)
    skaters, goalies, _ = day_reports(house, slate)
    frames = {
        tables.FACT_GAME_RESULTS: parsed.results,
        tables.FACT_SKATER_GAMES: complete(parsed.skaters, skaters),
        tables.FACT_GOALIE_GAMES: complete(parsed.goalies, goalies),
    }
    none = tables.DIM_GAMES.empty_frame(), tables.DIM_PLAYERS.empty_frame()
    return _told(house, *none, frames, [*boxes, *reports])


def _told(
    house: House,
    games: pd.DataFrame,
    players: pd.DataFrame,
    frames: Mapping[TableSpec, pd.DataFrame],
    found: Sequence[Payload],
) -> NhlRows:
    seen = sum(map(len, frames.values()))
    rows = sum(len(frame.drop_duplicates(list(spec.key))) for spec, frame in frames.items())
    rules: dict[str, int] = {}
    for _, rule, count in house.state.quarantined([payload.payload_hash for payload in found]):
        rules[rule] = rules.get(rule, 0) + count
    return NhlRows(games, players, rows, seen - rows, rules)


@dataclass(frozen=True)
class Priced:
    """What became of all vendors' quotes of the slate: accounting, dead letters by vendor, names to review, prices."""

    accounting: pd.DataFrame
    rules: dict[str, dict[str, int]]
    review: dict[str, int]
    prices: dict[str, int]
    nhl: NhlRows | None = None

    @property
    def accepted(self) -> dict[str, int]:
        """Quotes by vendor."""
        totals = self.accounting.groupby("source_vendor")["accepted"].sum()
        return {str(vendor): int(n) for vendor, n in totals.items()}

    def of_nhl(self, rows: NhlRows) -> "Priced":
        """This, told for the NHL: its counts are those of its own rows."""
        return replace(self, nhl=rows)

    def counts(self, vendor: str) -> dict[str, Any]:
        """Fields of a FaultCase. The NHL's prices are all vendors', since its games and players carry them."""
        if self.nhl is not None:
            mapped, total = int(self.accounting["mapped"].sum()), sum(self.prices.values())
            seen = self.nhl.rows + self.nhl.repeated + sum(self.nhl.rules.values())
            own = {"seen": seen, "accepted": self.nhl.rows, "duplicate": self.nhl.repeated, "mapped": mapped}
            return own | {
                "quarantined_by_rule": self.nhl.rules,
                "priced": total,
                "review": sum(self.review.values()),
            }
        rows = self.accounting[self.accounting["source_vendor"] == vendor]
        counts = {name: int(rows[name].sum()) for name in COUNTS}
        return counts | {
            "quarantined_by_rule": self.rules.get(vendor, {}),
            "review": self.review.get(vendor, 0),
            "priced": self.prices.get(vendor, 0),
        }


@dataclass(frozen=True)
class Pricing:
    """Prices what cases leave in the archive: two that left the same quotes and dead letters, with the same games and
    players, have the same rows."""

    slate: str
    now: datetime
    _known: dict[tuple[int, Left], Priced] = field(default_factory=dict)

    def of(self, house: House, quotes: Sequence[pd.DataFrame], nhl: NhlRows) -> Priced:
        """quotes: all that was parsed. nhl: the slate's games and players."""
        archived, sightings = payloads_and_sightings(house, [self.slate])
        key = (nhl.reference, _left(house, quotes, archived))
        if key not in self._known:
            self._known[key] = _priced(house, self.slate, self.now, quotes, nhl, archived, sightings)
        return self._known[key]


def _left(house: House, quotes: Sequence[pd.DataFrame], archived: pd.DataFrame) -> Left:
    """What tells one archive from another: of a vendor without a quote its dead letters, not its bytes."""
    with_rows = {digest for frame in quotes for digest in frame["payload_hash"].unique()}
    full = set(archived["source_vendor"][archived["payload_hash"].isin(with_rows)])
    letters: dict[str, list[tuple[str, int]]] = {}
    for digest, rule, count in house.state.quarantined(archived["payload_hash"].tolist()):
        letters.setdefault(digest, []).append((rule, count))
    payloads = zip(archived["source_vendor"], archived["payload_hash"], strict=True)
    found = Counter((v, d if v in full else "", tuple(sorted(letters.get(d, ())))) for v, d in payloads)
    return frozenset(found.items())


def _priced(
    house: House,
    slate: str,
    now: datetime,
    quotes: Sequence[pd.DataFrame],
    nhl: NhlRows,
    archived: pd.DataFrame,
    sightings: pd.DataFrame,
) -> Priced:
    """Parsed quotes of all vendors as facts, their accounting, the review queue, and the prices that stand."""
    captures = captures_from(house.state, quotes, archived, sightings)
    none = FACT_PROP_ODDS.empty_frame()[FACT_KEY]
    reference = Reference(nhl.games, nhl.players, house.aliases)
    facts, accounting = normalize(captures, reference, [slate], LOOKBACK_DAYS, none)
    queue = mapping_review(facts, nhl.players, read_rejections(house.config_folder))
    policy = house.settings.policy.ev
    stands = standing(
        facts.assign(created_at_utc=pd.Timestamp(now)),
        captures.raw_quotes,
        sightings,
        nhl.games,
        policy.capture_pass_minutes,
    )
    prices = fair_prices(stands, nhl.games, nhl.players, SINGLE_GAME_PROP_PROBABILITIES.empty_frame(), policy)
    return Priced(
        accounting,
        _rules(house, archived),
        _by_vendor(queue[queue["rank"] == 1]),
        _by_vendor(prices),
    )


def _rules(house: House, archived: pd.DataFrame) -> dict[str, dict[str, int]]:
    vendors = archived.set_index("payload_hash")["source_vendor"]
    found: dict[str, dict[str, int]] = {}
    for digest, rule, count in house.state.quarantined(archived["payload_hash"].tolist()):
        rules = found.setdefault(str(vendors[digest]), {})
        rules[rule] = rules.get(rule, 0) + count
    return found


def _by_vendor(frame: pd.DataFrame) -> dict[str, int]:
    return {str(vendor): int(n) for vendor, n in frame.groupby("source_vendor").size().items()}
