"""What was quoted and how it was mapped: the rows of the evidence tables of coverage and mapping quality."""

from __future__ import annotations

import pandas as pd

from nhl_ops.contracts.evidence import (
    FACT_MAPPING_QUALITY_DAILY,
    FACT_ODDS_COVERAGE_DAILY,
    CoverageLevel,
    MappingSubject,
)

LEVELS: dict[CoverageLevel, list[str]] = {
    CoverageLevel.SLATE: [],
    CoverageLevel.VENDOR: ["source_vendor"],
    CoverageLevel.BOOK_MARKET: ["source_vendor", "book_name", "market"],
}
DIMENSIONS = LEVELS[CoverageLevel.BOOK_MARKET]
COUNTS = ["quotes", "quotes_mapped", "players", "games_quoted", "captures"]
LEVEL_COLUMNS = ["game_date", "level", *DIMENSIONS, *COUNTS, "newest_quote_age_sec"]


def odds_coverage(
    slates: list[str], facts: pd.DataFrame, games: pd.DataFrame, accounting: pd.DataFrame
) -> pd.DataFrame:
    """FACT_ODDS_COVERAGE_DAILY; each slate has its slate row.

    facts: the newest mapping of the quotes known at as-of, with as_of_utc and sighted_at_utc where they are known.
    games: DIM_GAMES. accounting: FACT_ODDS_ACCOUNTING, a row a payload that the slate read.
    """
    playable = games[games["is_playable"]]
    is_mapped = facts["player_id_nhl"].notna() & facts["game_id_nhl"].notna()
    rows = facts.assign(
        is_mapped=is_mapped,
        game_quoted=facts["game_id_nhl"].where(
            is_mapped & facts["game_id_nhl"].isin(playable["game_id_nhl"])
        ),
        age_sec=(facts["as_of_utc"] - facts["captured_at_utc"]).dt.total_seconds(),
    )
    parts = [_level(level, by, rows, accounting) for level, by in LEVELS.items()]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    frame = _with_every_slate(slates, frame)
    scheduled = frame["game_date"].map(playable.groupby("game_date").size()).fillna(0)
    frame[COUNTS] = frame[COUNTS].astype("Float64").fillna(0).astype("int64")
    frame[DIMENSIONS] = frame[DIMENSIONS].astype("object").fillna("")
    frame = frame.assign(games_scheduled=scheduled.astype("int64"))
    key = list(FACT_ODDS_COVERAGE_DAILY.key)
    return frame.sort_values(key, ignore_index=True)[FACT_ODDS_COVERAGE_DAILY.column_names]


def _level(level: CoverageLevel, by: list[str], rows: pd.DataFrame, accounting: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.groupby(["game_date", *by])
    counted = grouped.agg(
        quotes=("quote_id", "nunique"),
        quotes_mapped=("is_mapped", "sum"),
        players=("player_name_raw", "nunique"),
        games_quoted=("game_quoted", "nunique"),
        newest_quote_age_sec=("age_sec", "min"),
    )
    if "book_name" in by:
        counted["captures"] = grouped["payload_hash"].nunique()
    else:
        captures = accounting.groupby(["game_date", *by]).size().rename("captures")
        counted = counted.join(captures, how="outer")
    return counted.reset_index().assign(level=level.value).reindex(columns=LEVEL_COLUMNS)


def _with_every_slate(slates: list[str], frame: pd.DataFrame) -> pd.DataFrame:
    is_slate = frame["level"] == CoverageLevel.SLATE
    bare = [slate for slate in slates if slate not in set(frame.loc[is_slate, "game_date"])]
    if not bare:
        return frame
    rows = pd.DataFrame({"game_date": bare, "level": CoverageLevel.SLATE.value})
    return pd.concat([frame, rows], ignore_index=True)


def mapping_quality(facts: pd.DataFrame) -> pd.DataFrame:
    """FACT_MAPPING_QUALITY_DAILY; of a reason its kind, which stands before the name.

    facts: the newest mapping of each quote of the slates.
    """
    players = facts.assign(
        subject=MappingSubject.PLAYER.value,
        method=facts["mapping_method"],
        reason=facts["mapping_reason"].where(facts["player_id_nhl"].isna()),
        name=facts["player_name_raw"],
    )
    is_event_known = facts["game_id_nhl"].notna()
    events = facts.assign(
        subject=MappingSubject.EVENT.value,
        method=facts["event_method"].where(facts["event_method"].notna(), "not recorded"),
        reason=facts["mapping_reason"].where(~is_event_known),
        name=facts["event_id_vendor"],
        mapping_score=float("nan"),
    )
    rows = pd.concat([players, events], ignore_index=True).assign(
        reason=lambda r: r["reason"].astype("object").fillna("").str.split(": ").str[0]
    )
    key = list(FACT_MAPPING_QUALITY_DAILY.key)
    counted = rows.groupby(key, as_index=False).agg(
        quotes=("quote_id", "nunique"), names=("name", "nunique"), mean_score=("mapping_score", "mean")
    )
    of_vendor = counted.groupby(["game_date", "source_vendor", "subject"])["quotes"].transform("sum")
    frame = counted.assign(quotes_share=counted["quotes"] / of_vendor)
    return frame[FACT_MAPPING_QUALITY_DAILY.column_names]
