"""Assets of reference and results: schedule, rosters, the slate's games and players, what players did."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

import pandas as pd

from nhl_ops.contracts import results as tables
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import House
from nhl_ops.defs.slate_run import Figures, SlateRun
from nhl_ops.defs.tables import Made, table_asset, table_assets
from nhl_ops.gateways.nhl import BOXSCORE, ROSTER, SCHEDULE, CapturedRoster, parse_rosters
from nhl_ops.gateways.nhl_boxscore import parse_boxscores
from nhl_ops.gateways.nhl_schedule import parse_schedules
from nhl_ops.gateways.nhl_stats import StatsReport, goalie_rows, skater_rows
from nhl_ops.gateways.vendor import Parsed, Payload, Rejected
from nhl_ops.transforms.reference import dim_games, dim_players
from nhl_ops.transforms.results import complete, with_known_at

MOVED_FROM = timedelta(days=200)
"""How long before its slate a game may have stood under another date."""
APPEARANCES = timedelta(days=60)


def payloads(house: House, vendor: str, endpoints: Sequence[str], key: str) -> list[Payload]:
    """Archived NHL payloads of a slate's capture, oldest first."""
    found = house.state.payloads_of_slate(vendor, endpoints, key)
    return [
        Payload(
            vendor, endpoint, url, datetime.fromisoformat(at), digest, path, house.archive.get(path, digest)
        )
        for endpoint, url, at, digest, path in found
    ]


class HasRejected(Protocol):
    @property
    def rejected(self) -> Sequence[Rejected]: ...


P = TypeVar("P", bound=HasRejected)


def parse_all(house: House, parse: Callable[[list[Payload]], P], found: list[Payload]) -> P:
    """Payloads parsed together; where rows were refused, each payload again alone, to tie its letters to it."""
    parsed = parse(found)
    if parsed.rejected:
        for payload in found:
            keep_letters(house, payload, parse([payload]).rejected)
    return parsed


def keep_letters(house: House, payload: Payload, letters: Iterable[Rejected]) -> None:
    """Dead letters of one NHL payload."""
    at = payload.captured_at_utc.isoformat()
    house.state.add_dead_letters(
        (payload.vendor, payload.payload_hash, r.rule, r.detail, r.sample, at, 1) for r in letters
    )


def together(spec: TableSpec, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Parsed frames as one; empty ones carry the columns when there is nothing else."""
    filled = [f for f in frames if len(f)]
    return pd.concat(filled, ignore_index=True) if filled else spec.empty_frame()


def observed(spec: TableSpec, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows that are known from their own capture."""
    frame = together(spec, frames)
    return spec.conform(frame.assign(known_at_utc=frame["captured_at_utc"]))


def make_schedule(run: SlateRun) -> Made:
    frames: list[pd.DataFrame] = []
    figures: Figures = {}
    for key in run.keys:
        weeks = [p for vendor in ("NHL", "NHL_RESULTS") for p in payloads(run.house, vendor, [SCHEDULE], key)]
        parsed = parse_all(run.house, parse_schedules, weeks)
        frames.append(parsed.rows)
        figures[key] = {"payloads": len(weeks), "quarantined": len(parsed.rejected)}
    return Made(observed(tables.RAW_NHL_SCHEDULE, frames), figures)


def make_rosters(run: SlateRun) -> Made:
    frames: list[pd.DataFrame] = []
    figures: Figures = {}
    for key in run.keys:

        def parse(found: list[Payload], slate: str = key) -> Parsed:
            return parse_rosters([CapturedRoster(p, team_in(p.url), slate) for p in found])

        rosters = payloads(run.house, "NHL", [ROSTER], key)
        parsed = parse_all(run.house, parse, rosters)
        frames.append(parsed.rows)
        figures[key] = {"teams": len(rosters), "quarantined": len(parsed.rejected)}
    return Made(observed(tables.RAW_NHL_ROSTERS, frames), figures)


def team_in(url: str) -> str:
    """The tri-code of `.../roster/TOR/current`: the payload does not name its team."""
    return url.rstrip("/").split("/")[-2]


def schedule_around(run: SlateRun) -> pd.DataFrame:
    """Every version of the slates' games, also of those that moved to another date."""
    schedule = run.house.warehouse.observations(
        tables.RAW_NHL_SCHEDULE, since=(date.fromisoformat(min(run.keys)) - MOVED_FROM).isoformat()
    )
    games = schedule.loc[schedule["game_date"].isin(run.keys), "game_id_nhl"]
    return schedule[schedule["game_id_nhl"].isin(games)]


def make_dim_games(run: SlateRun) -> Made:
    frame = dim_games(schedule_around(run), run.slates)
    playable = frame.groupby("game_date")["is_playable"].sum()
    figures: Figures = {key: {"games": int(playable.get(key, 0))} for key in run.keys}
    return Made(
        frame, figures | {k: {"games": 0, "outcome": "no_games"} for k in run.keys if k not in playable}
    )


def make_dim_players(run: SlateRun) -> Made:
    warehouse = run.house.warehouse
    since = (date.fromisoformat(min(run.keys)) - APPEARANCES).isoformat()
    frame = dim_players(
        run.read(tables.DIM_GAMES),
        warehouse.observations(tables.RAW_NHL_ROSTERS, since=since, before=after(run.keys)),
        warehouse.observations(tables.FACT_SKATER_GAMES, since=since, before=after(run.keys)),
        warehouse.observations(tables.FACT_GOALIE_GAMES, since=since, before=after(run.keys)),
    )
    counts = frame.groupby(["game_date", "source"]).size().unstack(fill_value=0)
    return Made(
        frame,
        {str(k): {f"from_{s}": int(n) for s, n in r.items()} for k, r in counts.to_dict("index").items()},
    )


def after(keys: Sequence[str]) -> str:
    return (date.fromisoformat(max(keys)) + timedelta(days=1)).isoformat()


def make_results(run: SlateRun) -> list[Made]:
    """Game results, skater games and goalie games of the slates' finished games."""
    parts: list[list[pd.DataFrame]] = [[], [], []]
    figures: Figures = {}
    for key in run.keys:
        boxes = payloads(run.house, "NHL_RESULTS", [BOXSCORE], key)
        parsed = parse_all(run.house, parse_boxscores, boxes)
        skaters, goalies, refused = day_reports(run.house, key)
        parts[0].append(parsed.results)
        parts[1].append(complete(parsed.skaters, skaters))
        parts[2].append(complete(parsed.goalies, goalies))
        figures[key] = {
            "boxscores": len(boxes),
            "final": len(parsed.results),
            "quarantined": len(parsed.rejected) + refused,
        }
    frames = zip(RESULT_TABLES, parts, strict=True)
    return [Made(known(run.house, spec, part, run.keys), figures) for spec, part in frames]


def day_reports(house: House, key: str) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Skaters, goalies and the number of dead letters of the newest stats reports of one date."""
    pages = {report: payloads(house, "NHL_RESULTS", [report.endpoint], key)[-1:] for report in StatsReport}
    skaters, goalies = skater_rows(pages), goalie_rows(pages)
    letters = [*skaters.rejected, *goalies.rejected]
    if letters:
        keep_letters(house, pages[StatsReport.SKATER_SUMMARY][0], letters)
    return skaters.rows, goalies.rows, len(letters)


def known(house: House, spec: TableSpec, frames: Sequence[pd.DataFrame], keys: Sequence[str]) -> pd.DataFrame:
    """Result rows with the time from which they count as known."""
    frame = together(spec, frames)
    entity = [c for c in spec.key if c != "row_hash"]
    stored = house.warehouse.observations(spec, keys, columns=entity)
    schedule = house.warehouse.observations(tables.RAW_NHL_SCHEDULE, keys)
    newest = schedule.sort_values("captured_at_utc").drop_duplicates("game_id_nhl", keep="last")
    starts = newest.set_index("game_id_nhl")["start_time_utc"]
    return spec.conform(with_known_at(frame, stored, starts, entity))


RESULT_TABLES = [tables.FACT_GAME_RESULTS, tables.FACT_SKATER_GAMES, tables.FACT_GOALIE_GAMES]

RESULTS = [
    table_asset(tables.RAW_NHL_SCHEDULE, make_schedule, ["captured_nhl", "captured_nhl_results"]),
    table_asset(tables.RAW_NHL_ROSTERS, make_rosters, ["captured_nhl"]),
    table_asset(tables.DIM_GAMES, make_dim_games, [tables.RAW_NHL_SCHEDULE.name]),
    table_asset(
        tables.DIM_PLAYERS,
        make_dim_players,
        [
            tables.DIM_GAMES.name,
            tables.RAW_NHL_ROSTERS.name,
            tables.FACT_SKATER_GAMES.name,
            tables.FACT_GOALIE_GAMES.name,
        ],
    ),
    table_assets(
        "nhl_results", RESULT_TABLES, make_results, ["captured_nhl_results", tables.RAW_NHL_SCHEDULE.name]
    ),
]
