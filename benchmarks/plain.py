"""The same transforms on the same stored inputs, called one after the other: no Dagster, no checks, no files."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

import orjson
from lxml.html import document_fromstring

from benchmarks.measure import Seconds
from benchmarks.workspace import Workspace
from nhl_ops.contracts import ev, game_odds, odds, projections, reports, results
from nhl_ops.contracts.dead_letters import DEAD_LETTERS
from nhl_ops.contracts.evidence import DAILY_EVIDENCE
from nhl_ops.contracts.odds import RAW_QUOTES
from nhl_ops.contracts.schema import violations
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs import dead_letters as letter_assets
from nhl_ops.defs import ev as ev_assets
from nhl_ops.defs import game_lines as line_assets
from nhl_ops.defs import odds as odds_assets
from nhl_ops.defs import projections as projection_assets
from nhl_ops.defs import raw_odds
from nhl_ops.defs import reporting as report_assets
from nhl_ops.defs import results as result_assets
from nhl_ops.defs.house import House
from nhl_ops.defs.scopes import AS_OF_MODE_TAG
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import Made
from nhl_ops.domain.failures import CodeDefect
from nhl_ops.domain.slates import AsOfMode

Compute = Callable[[SlateRun], Sequence[Made]]
TRANSFORMS, STORING = "transforms", "storing"


@dataclass(frozen=True)
class PlainRun:
    """What the transforms ask of a run: its ids and its mode."""

    run_id: str = "benchmark"
    root_run_id: str | None = None
    tags: dict[str, str] = field(default_factory=lambda: {AS_OF_MODE_TAG: AsOfMode.PRETIP.value})


def one(make: Callable[[SlateRun], Made]) -> Compute:
    return lambda run: [make(run)]


REFERENCE: list[tuple[list[TableSpec], Compute]] = [
    ([results.RAW_NHL_SCHEDULE], one(result_assets.make_schedule)),
    ([results.RAW_NHL_ROSTERS], one(result_assets.make_rosters)),
    ([results.DIM_GAMES], one(result_assets.make_dim_games)),
    (result_assets.RESULT_TABLES, result_assets.make_results),
    ([results.DIM_PLAYERS], one(result_assets.make_dim_players)),
]


def prices_of(*vendors: str) -> list[tuple[list[TableSpec], Compute]]:
    """Payloads, the raw quotes of these vendors, and the facts of what all vendors brought."""
    raw = [([RAW_QUOTES[name]], one(partial(raw_odds.make_raw_odds, vendor=name))) for name in vendors]
    return [
        ([odds.RAW_ODDS_PAYLOADS, odds.RAW_ODDS_SIGHTINGS], raw_odds.make_payloads),
        *raw,
        ([odds.FACT_PROP_ODDS, odds.FACT_ODDS_ACCOUNTING], odds_assets.make_facts),
    ]


PRICES = prices_of(*RAW_QUOTES)
CARD: list[tuple[list[TableSpec], Compute]] = [
    ([game_odds.RAW_GAME_LINES], one(line_assets.make_raw_game_lines)),
    ([game_odds.FACT_GAME_ODDS, game_odds.FACT_GAME_ODDS_ACCOUNTING], line_assets.make_game_odds),
    ([DEAD_LETTERS], one(letter_assets.make_dead_letters)),
    ([odds.MAPPING_REVIEW], one(odds_assets.make_mapping_review)),
    ([projections.FEATURE_SKATER_FORM], one(projection_assets.make_skater_form)),
    ([projections.FEATURE_GOALIE_FORM], one(projection_assets.make_goalie_form)),
    ([projections.FEATURE_TEAM_FACTORS], one(projection_assets.make_team_factors)),
    ([projections.PROJECTION_SKATER_MARKETS], one(projection_assets.make_skater_markets)),
    ([projections.PROJECTION_GOALIE_MARKETS], one(projection_assets.make_goalie_markets)),
    ([projections.SINGLE_GAME_PROP_PROBABILITIES], one(projection_assets.make_probabilities)),
    ([ev.EV_FAIR_PRICES], one(ev_assets.make_fair_prices)),
    ([ev.EV_MULTI_BOOK_BEST_BETS], one(ev_assets.make_best_bets)),
    ([ev.EV_PROB_AUDIT], one(ev_assets.make_prob_audit)),
    ([ev.FACT_PROP_SETTLEMENTS], one(ev_assets.make_settlements)),
    ([reports.REPORT_DAILY], one(report_assets.make_report_daily)),
    ([reports.REPORT_ROLLING], one(report_assets.make_report_rolling)),
    (list(DAILY_EVIDENCE), lambda _: [Made(spec.empty_frame()) for spec in DAILY_EVIDENCE]),
]


def make_tables(
    house: House, keys: list[str], work: list[tuple[list[TableSpec], Compute]], *, checked: bool = False
) -> dict[str, float]:
    """Compute and store these tables in order; seconds of each half. `checked`: their contracts are held too."""
    parts = {TRANSFORMS: 0.0, STORING: 0.0}
    for specs, compute in work:
        run = SlateRun(house, PlainRun(), keys, logging.getLogger(__name__))
        started = perf_counter()
        made = compute(run)
        computed = perf_counter()
        for spec, table in zip(specs, made, strict=True):
            if checked and (broken := violations(spec, table.frame)):
                raise CodeDefect(f"{spec.name} breaks its contract: {broken[0]}")
            run.store(spec, table.frame)
        parts[TRANSFORMS] += computed - started
        parts[STORING] += perf_counter() - computed
    return parts


def without_dagster(workspace: Workspace) -> Seconds:
    """Every table of the slates, from the archive on."""
    house = workspace.enter()
    return make_tables(house, workspace.keys, REFERENCE + PRICES + CARD)


def bytes_to_rows(workspace: Workspace) -> Seconds:
    """The newest slate's odds: archived bytes, parsed, held against their contracts, normalized, appended."""
    house, keys = workspace.enter(), workspace.keys[-1:]
    make_tables(house, keys, REFERENCE)
    return make_tables(house, keys, PRICES, checked=True)


def only_loads(workspace: Workspace) -> Seconds:
    """`orjson.loads` of the same bytes, `lxml.html` for a vendor's pages."""
    house, key = workspace.enter(), workspace.keys[-1]
    bodies = [p.body for vendor in house.odds_vendors for p in raw_odds.payloads_of(house, vendor, key)]
    started = perf_counter()
    for body in bodies:
        (document_fromstring if body.lstrip().startswith(b"<") else orjson.loads)(body)
    return {"loads": perf_counter() - started}
