"""What became of each vendor's quotes of a slate, added up from the accounting of its payloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from nhl_ops.domain.run_summary import Counted
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.transforms.accounting import PAYLOAD
from nhl_ops.transforms.sightings import last_sighting

SLATE_VENDOR = ["game_date", "source_vendor"]
COUNTS = ["seen", "accepted", "duplicate", "other_slate", "mapped"]


def newest_quotes(accounting: pd.DataFrame, sightings: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """When each vendor was last seen to quote a slate: SLATE_VENDOR, newest_quote_at_utc, newest_quote_age_sec.

    accounting: FACT_ODDS_ACCOUNTING; sightings: RAW_ODDS_SIGHTINGS of what it reads; games: DIM_GAMES. Age is at
    the slate's as-of, the latest of its games that stand; what was seen later does not count. No row for a vendor
    without a quote, nor for a slate without games.
    """
    as_of = games[games["is_playable"]].groupby("game_date")["as_of_ts_utc"].max()
    limits = as_of.rename("limit_utc").reset_index()
    carriers = accounting[accounting["accepted"] + accounting["duplicate"] > 0].merge(limits, on="game_date")
    seen = last_sighting(carriers[["game_date", *PAYLOAD, "limit_utc"]], accounting, sightings)
    newest = seen.groupby(SLATE_VENDOR, as_index=False)[["sighted_at_utc", "limit_utc"]].max()
    age = (newest["limit_utc"] - newest["sighted_at_utc"]).dt.total_seconds()
    return pd.DataFrame(
        {
            **{column: newest[column] for column in SLATE_VENDOR},
            "newest_quote_at_utc": newest["sighted_at_utc"],
            "newest_quote_age_sec": age.round(3),
        }
    )


def counted(
    accounting: pd.DataFrame, rules: Iterable[tuple[str, str, int]], newest: pd.DataFrame
) -> Mapping[str, Mapping[str, Counted]]:
    """By slate and vendor. rules: payload hash, rule and items of the dead letters; newest: `newest_quotes`."""
    letters = pd.DataFrame(list(rules), columns=["payload_hash", "rule", "items"])
    seen: dict[Any, Any] = newest.set_index(SLATE_VENDOR).to_dict("index")
    found: dict[str, dict[str, Counted]] = {}
    for (slate, vendor), rows in accounting.groupby(SLATE_VENDOR):
        own = letters[letters["payload_hash"].isin(rows["payload_hash"])]
        last = seen.get((slate, vendor))
        found.setdefault(str(slate), {})[str(vendor)] = Counted(
            payloads_read=len(rows),
            **{name: int(rows[name].sum()) for name in COUNTS},
            quarantined_by_rule={str(r): int(n) for r, n in own.groupby("rule")["items"].sum().items()},
            newest_quote_at_utc=None if last is None else last["newest_quote_at_utc"].to_pydatetime(),
            newest_quote_age_sec=None if last is None else float(last["newest_quote_age_sec"]),
        )
    return found


def with_refusals(
    sightings: pd.DataFrame, accounting: pd.DataFrame, broken: Mapping[str, str]
) -> pd.DataFrame:
    """RAW_ODDS_SIGHTINGS in which a board that gave no quote, since its rows broke the format, is `rejected`.

    broken: by payload hash, what broke the format. accounting: FACT_ODDS_ACCOUNTING of what reads them.
    """
    bare = accounting.loc[accounting["seen"] == accounting["quarantined"], "payload_hash"]
    refused = sightings["payload_hash"].isin(set(bare) & set(broken))
    return sightings.assign(
        outcome=sightings["outcome"].mask(refused, SlateOutcome.REJECTED.value),
        error=sightings["error"].mask(refused, sightings["payload_hash"].map(broken)),
    )
