"""Which checks hold a slate back and which warn alone (config/policy.toml, [checks])."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class CheckSeverity(StrEnum):
    WARNING = "warning"
    BLOCKING = "blocking"


class CheckPolicy(BaseModel):
    """[checks]: every check of the house by its name, a sentence that is true when all is well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every_row_meets_its_contract: CheckSeverity
    its_schedule_was_captured: CheckSeverity
    every_scheduled_game_is_in_dim_games: CheckSeverity
    rosters_are_recent: CheckSeverity
    every_game_has_projections_of_both_teams: CheckSeverity
    predictions_carry_the_current_model_version: CheckSeverity
    probabilities_lie_between_zero_and_one: CheckSeverity
    probabilities_fall_along_the_ladder: CheckSeverity
    nobody_of_the_slate_is_missing: CheckSeverity
    every_final_game_has_its_statistics: CheckSeverity
    every_scheduled_game_has_odds: CheckSeverity
    every_game_without_odds_has_a_reason: CheckSeverity
    every_unmapped_name_waits_for_review: CheckSeverity
    every_best_bet_is_a_price_with_its_audit: CheckSeverity
    every_price_is_settled_or_pending: CheckSeverity
    reports_count_what_the_tables_hold: CheckSeverity
    every_figure_is_in_the_log: CheckSeverity
    evidence_adds_up: CheckSeverity
    row_accounting_balances: CheckSeverity
    no_price_after_puck_drop: CheckSeverity
    every_vendor_offers_as_much_as_usual: CheckSeverity
    every_vendor_quotes_are_fresh: CheckSeverity
    every_vendor_clock_agrees_with_ours: CheckSeverity
    two_way_markets_have_both_sides: CheckSeverity
    holds_of_two_way_prices_are_plausible: CheckSeverity
    no_book_mirrors_the_others: CheckSeverity
    published_equals_computed: CheckSeverity
    newest_results_are_fresh: CheckSeverity
    newest_odds_are_fresh: CheckSeverity
    newest_projections_are_fresh: CheckSeverity
    newest_ev_are_fresh: CheckSeverity
    newest_reports_are_fresh: CheckSeverity

    def blocks(self, check: str) -> bool:
        """A slate that does not pass this check is held back."""
        return CheckSeverity(getattr(self, check)) is CheckSeverity.BLOCKING


class GamePolicy(BaseModel):
    """[games]: how far a start in dim_games may be from the schedule's, and how many of a team are at least there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start_tolerance_minutes: Annotated[float, Field(ge=0)]
    min_skaters_projected: Annotated[int, Field(ge=1)]
    min_goalies_projected: Annotated[int, Field(ge=1)]
    min_skaters_dressed: Annotated[int, Field(ge=1)]


class RosterPolicy(BaseModel):
    """[rosters]: how many days before the slate a team's newest roster or boxscore may lie if it played since."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_age_days: Annotated[int, Field(ge=1)]
