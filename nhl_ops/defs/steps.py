"""The steps of the daily run, in their fixed order, as the assets that each one materializes."""

from enum import StrEnum

from nhl_ops.contracts import dead_letters, ev, evidence, game_odds, odds, projections, reports, results
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.domain.vendors import PRICE_VENDORS


class Step(StrEnum):
    """Switches of `run-daily` and, as NHL_OPS_RUN_<NAME>, of the environment."""

    ODDS_INGESTION = "odds-ingestion"
    PROJECTIONS = "projections"
    EV = "ev"
    OUTCOMES = "outcomes"
    DIAGNOSTICS = "diagnostics"


def _names(*tables: TableSpec) -> tuple[str, ...]:
    return tuple(table.name for table in tables)


ASSETS: dict[Step, tuple[str, ...]] = {
    Step.ODDS_INGESTION: (
        "captured_nhl",
        "captured_nhl_game_odds",
        *(f"captured_{vendor.lower()}" for vendor in PRICE_VENDORS),
        *_names(
            results.RAW_NHL_SCHEDULE,
            results.RAW_NHL_ROSTERS,
            results.DIM_GAMES,
            results.DIM_PLAYERS,
            odds.RAW_ODDS_PAYLOADS,
            odds.RAW_ODDS_SIGHTINGS,
            *odds.RAW_QUOTES.values(),
            odds.FACT_PROP_ODDS,
            odds.FACT_ODDS_ACCOUNTING,
            game_odds.RAW_GAME_LINES,
            game_odds.FACT_GAME_ODDS,
            game_odds.FACT_GAME_ODDS_ACCOUNTING,
            dead_letters.DEAD_LETTERS,
            odds.MAPPING_REVIEW,
        ),
    ),
    Step.PROJECTIONS: _names(
        projections.FEATURE_SKATER_FORM,
        projections.FEATURE_GOALIE_FORM,
        projections.FEATURE_TEAM_FACTORS,
        projections.PROJECTION_SKATER_MARKETS,
        projections.PROJECTION_GOALIE_MARKETS,
        projections.SINGLE_GAME_PROP_PROBABILITIES,
    ),
    Step.EV: _names(ev.EV_FAIR_PRICES, ev.EV_MULTI_BOOK_BEST_BETS, ev.EV_PROB_AUDIT),
    Step.OUTCOMES: (
        "captured_nhl_results",
        *_names(
            results.FACT_GAME_RESULTS,
            results.FACT_SKATER_GAMES,
            results.FACT_GOALIE_GAMES,
            ev.FACT_PROP_SETTLEMENTS,
        ),
    ),
    Step.DIAGNOSTICS: _names(reports.REPORT_DAILY, reports.REPORT_ROLLING, *evidence.DAILY_EVIDENCE),
}
PUBLISHING_ASSET = "published_slates"


def assets_of(steps: list[Step]) -> list[str]:
    """Assets of these steps and the publishing one, in the fixed order."""
    return [asset for step in Step if step in steps for asset in ASSETS[step]] + [PUBLISHING_ASSET]
