"""Checks across rows and tables, each a sentence that is true when all is well."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import dagster as dg
import pandas as pd

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.contracts.game_odds import FACT_GAME_ODDS_ACCOUNTING
from nhl_ops.contracts.odds import FACT_ODDS_ACCOUNTING, FACT_PROP_ODDS
from nhl_ops.contracts.projections import SINGLE_GAME_PROP_PROBABILITIES
from nhl_ops.contracts.results import DIM_GAMES
from nhl_ops.contracts.spec import TableSpec
from nhl_ops.defs.house import HouseResource
from nhl_ops.defs.partitions import SLATES
from nhl_ops.defs.slate_run import SlateRun
from nhl_ops.defs.tables import checked_slates, judge
from nhl_ops.gateways.state import State

Verdicts = Mapping[str, str | None]


def quality_check(
    spec: TableSpec,
    name: str,
    description: str,
    decide: Callable[[SlateRun], Verdicts],
    *,
    blocking: bool = True,
) -> dg.AssetChecksDefinition:
    """A check that gives each slate a verdict: None when sound, else the reason."""

    @dg.asset_check(
        asset=spec.name, name=name, description=description, blocking=blocking, partitions_def=SLATES
    )
    def _check(context: dg.AssetCheckExecutionContext, house: HouseResource) -> dg.AssetCheckResult:
        run = checked_slates(context, house)
        verdicts = dict.fromkeys(run.keys) | dict(decide(run)) if run.keys else {}
        return judge(context, run, spec, name, verdicts, blocking=blocking)

    return _check


def reasons(bad: pd.DataFrame, sentence: str) -> dict[str, str]:
    """By slate: how many rows break the rule."""
    return {str(key): f"{count} {sentence}" for key, count in bad.groupby("game_date").size().items()}


def schedule_was_captured(run: SlateRun) -> Verdicts:
    return without_schedule(run.house.state, run.keys)


def without_schedule(state: State, keys: Sequence[str]) -> Verdicts:
    """Slates for which the NHL never answered, with the reason that holds them."""
    reason = "the NHL schedule was never captured, so that no games cannot be told from no answer"
    captured = {k for k in keys if any(state.captured_times(v, k) for v in ("NHL", "NHL_RESULTS"))}
    return {key: reason for key in keys if key not in captured}


def accounting_balances(run: SlateRun, spec: TableSpec = FACT_ODDS_ACCOUNTING) -> Verdicts:
    """Of player props, or of game lines."""
    return unbalanced(run.read(spec))


def unbalanced(rows: pd.DataFrame) -> Verdicts:
    """Slates with payloads of which seen is not accepted + duplicate + other slate + quarantined."""
    parts = rows[["accepted", "duplicate", "other_slate", "quarantined"]]
    return reasons(
        rows[(parts.sum(axis=1) != rows["seen"]) | (parts < 0).any(axis=1)], "payloads do not balance"
    )


def games_have_odds(run: SlateRun) -> Verdicts:
    games = run.read(DIM_GAMES)
    priced = run.read(FACT_PROP_ODDS)["game_id_nhl"].dropna()
    bare = games[games["is_playable"] & ~games["game_id_nhl"].isin(priced)]
    return reasons(bare, "scheduled games without a mapped price")


def no_late_prices(run: SlateRun) -> Verdicts:
    prices = run.read(EV_FAIR_PRICES)
    late = (prices["last_seen_at_utc"] >= prices["start_time_utc"]) | (
        prices["captured_at_utc"] > prices["as_of_ts_utc"]
    )
    return reasons(prices[late], "prices from after puck drop or after as-of")


def ladders_fall(run: SlateRun) -> Verdicts:
    rows = run.read(SINGLE_GAME_PROP_PROBABILITIES).sort_values(
        ["game_id_nhl", "player_id_nhl", "market", "line"]
    )
    same = ~(
        rows[["game_id_nhl", "player_id_nhl", "market"]].ne(
            rows[["game_id_nhl", "player_id_nhl", "market"]].shift()
        )
    ).any(axis=1)
    rises = same & (rows["p_over"] > rows["p_over"].shift() + 1e-9)
    total = (rows[["p_over", "p_push", "p_under"]].sum(axis=1) - 1).abs() > 1e-6
    return reasons(rows[rises | total], "probabilities that do not fall along their ladder or do not add up")


QUALITY_CHECKS = [
    quality_check(
        DIM_GAMES,
        "its_schedule_was_captured",
        "The NHL answered for this slate at least once: a slate without games is a fact, not a silence.",
        schedule_was_captured,
    ),
    quality_check(
        FACT_ODDS_ACCOUNTING,
        "row_accounting_balances",
        "Of every payload, seen = accepted + duplicate + other slate + quarantined.",
        accounting_balances,
    ),
    quality_check(
        FACT_GAME_ODDS_ACCOUNTING,
        "row_accounting_balances",
        "Of every payload of game lines, seen = accepted + duplicate + other slate + quarantined.",
        partial(accounting_balances, spec=FACT_GAME_ODDS_ACCOUNTING),
    ),
    quality_check(
        FACT_PROP_ODDS,
        "every_scheduled_game_has_odds",
        "Every game that stands has at least one mapped price.",
        games_have_odds,
        blocking=False,
    ),
    quality_check(
        EV_FAIR_PRICES,
        "no_price_after_puck_drop",
        "Every price was last seen before the game started and captured by as-of.",
        no_late_prices,
    ),
    quality_check(
        SINGLE_GAME_PROP_PROBABILITIES,
        "probabilities_fall_along_the_ladder",
        "P(over) never rises with the line, and over, push and under add up to one.",
        ladders_fall,
    ),
]
