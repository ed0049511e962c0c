"""What an operator may expect at least of each vendor's prices (config/policy.toml, [floors])."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from nhl_ops.domain.markets import Market

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class Floor(BaseModel):
    """What every floor has."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class VolumeFloor(Floor):
    """Offers of a vendor and market against their median, game for game, on earlier days with about as many games.

    history_days: how far back; min_days: fewer such days are no history; similar_games: games more or less that
    count as about as many; min_median: below it there is nothing to judge.
    """

    history_days: Count
    min_days: Count
    similar_games: Annotated[int, Field(ge=0)]
    min_share_of_median: Annotated[float, Field(gt=0, le=1)]
    min_median: Count


class TwoSidedFloor(Floor):
    """Lines of a book that lack the over or the under, of the markets that have both.

    yes_only_markets: books sell only the over of these; alternate ladders are left out as well. min_lines: fewer
    lines of a book are not judged.
    """

    yes_only_markets: tuple[Market, ...]
    min_lines: Count
    max_one_sided_share: Share


class HoldFloor(Floor):
    """The margin of two-way prices; min_lines: fewer lines of a book are not judged."""

    hold_min: float
    hold_max: float
    min_lines: Count
    max_share_outside: Share

    @model_validator(mode="after")
    def _limits_are_in_order(self) -> Self:
        if self.hold_min >= self.hold_max:
            raise ValueError(f"hold_min ({self.hold_min}) must lie below hold_max ({self.hold_max})")
        return self


class MirrorFloor(Floor):
    """Lines at which a book says of the over what the others say of the under.

    min_edge: how far from one half the consensus of the others must be for a line to tell anything; min_lines: fewer
    such lines of a book are not judged.
    """

    min_edge: Annotated[float, Field(gt=0, lt=0.5)]
    min_lines: Count
    max_mirrored_share: Share


class FreshnessFloor(Floor):
    """Age, at the slate's as-of, of the newest board of a vendor that quotes the slate."""

    max_age_sec: Annotated[float, Field(gt=0)]


class ClockFloor(Floor):
    """How far a vendor's clock may be from ours, either way."""

    max_skew_sec: Annotated[float, Field(gt=0)]


class FloorPolicy(BaseModel):
    """[floors] of config/policy.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    volume: VolumeFloor
    two_sided: TwoSidedFloor
    hold: HoldFloor
    mirror: MirrorFloor
    freshness: FreshnessFloor
    clock: ClockFloor
