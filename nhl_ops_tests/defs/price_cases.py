"""Cases of the checks of prices, passing and failing: for test_every_check."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from nhl_ops.contracts.ev import EV_FAIR_PRICES
from nhl_ops.defs.quality_agreement import in_words
from nhl_ops.defs.quality_prices import bare_games, no_late_prices, unbalanced, unexplained_games
from nhl_ops.transforms.absences import games_without_prices
from nhl_ops.transforms.agreement import lost_quotes
from nhl_ops_tests.fakes.frames import FakeRun
from nhl_ops_tests.transforms.ev_frames import SLATE, Row, et, facts, games, prices, sightings

Judge = Callable[[], Mapping[str, str]]


def counts(seen: int) -> Row:
    parts = {"accepted": 1, "duplicate": 2, "other_slate": 3, "quarantined": 4}
    return {"game_date": SLATE, "seen": seen} | parts


def balance(seen: int) -> Mapping[str, str]:
    return unbalanced(pd.DataFrame([counts(seen)]))


def kept(*quotes: str) -> Mapping[str, str]:
    """Two quotes were accepted, and these are facts."""
    counted = pd.DataFrame([{"game_date": SLATE, "source_vendor": "UNABATED", "accepted": 2}])
    return in_words(("facts", lost_quotes(counted, facts(*({"quote_id": q} for q in quotes)), "quote_id")))


def accepted(number: int) -> pd.DataFrame:
    return pd.DataFrame([{"game_date": SLATE, "accepted": number}])


def absences(
    *quotes: Row, seen: Row | None = None, counted: int = 0, unasked: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Two games, of which the quotes may name the first. unasked: vendors that could be asked."""
    asked = sightings() if seen is None else sightings(seen)
    both = games({}, {"game_id_nhl": 9})
    return games_without_prices(both, facts(*quotes), asked, accepted(counted), {SLATE: unasked})


def late(captured: str, seen: str) -> Mapping[str, str]:
    row = {"captured_at_utc": et(f"{SLATE} {captured}"), "last_seen_at_utc": et(f"{SLATE} {seen}")}
    return no_late_prices(
        FakeRun([SLATE], {EV_FAIR_PRICES.name: prices({**row, "as_of_ts_utc": et(f"{SLATE} 17:00")})})
    )


BOTH = ({}, {"quote_id": "q2", "game_id_nhl": 9})
LOST = {"quote_id": "q2", "game_id_nhl": None, "event_method": "unresolved"}
OTHERS = LOST | {"home_team_raw": "Boston Bruins", "away_team_raw": "Montreal Canadiens"}
LATE = {"captured_at_utc": et(f"{SLATE} 19:30")}
DOWN = {"outcome": "vendor_down", "payload_hash": None, "error": "timed out"}

CASES: dict[str, list[tuple[str, Judge, str | None]]] = {
    "row_accounting_balances": [
        ("balanced", partial(balance, 10), None),
        ("a row lost", partial(balance, 11), "1 payloads do not balance"),
        ("accepted and stored", partial(kept, "a", "b", "b"), None),
        ("accepted and gone", partial(kept, "b", "b"), "1 accepted quotes of UNABATED are no facts"),
        ("accepted and all gone", kept, "2 accepted quotes of UNABATED are no facts"),
    ],
    "every_scheduled_game_has_odds": [
        ("both priced", lambda: bare_games(absences(*BOTH)), None),
        ("one bare", lambda: bare_games(absences({}, seen={})), "VAN at TOR has no price: not_offered_yet"),
        ("vendor down", lambda: bare_games(absences(seen=DOWN)), "VAN at TOR has no price: vendor_down"),
        ("rejected", lambda: bare_games(absences(seen=DOWN | {"outcome": "rejected"})), "no price: rejected"),
        ("nobody asked", lambda: bare_games(absences(unasked=("UNABATED",))), "no price: not_asked"),
        ("nobody asked then, and nobody can be", lambda: bare_games(absences()),
         "no price: endpoint_serves_no_history"),
        ("a price from after as-of", lambda: bare_games(absences({}, BOTH[1] | LATE, seen={})), "not_offered_yet"),
        ("unexplained", lambda: bare_games(absences({}, LOST, seen={})), "has no price: unexplained"),
    ],
    "every_game_without_odds_has_a_reason": [
        ("both priced", lambda: unexplained_games(absences(*BOTH)), None),
        ("not offered yet", lambda: unexplained_games(absences({}, seen={})), None),
        ("down", lambda: unexplained_games(absences(seen=DOWN)), None),
        ("asked after as-of alone", lambda: unexplained_games(absences(seen=LATE)), None),
        ("nobody asked then, and nobody can be", lambda: unexplained_games(absences()), None),
        ("nobody asked", lambda: unexplained_games(absences(unasked=("UNABATED",))),
         f"VAN at TOR has no price and no reason: UNABATED could be asked for {SLATE} and never was"),
        ("one of two not asked", lambda: unexplained_games(absences(seen={}, unasked=("PLAYNOW",))),
         "no price and no reason: PLAYNOW could be asked"),
        ("a quote without game, after as-of", lambda: unexplained_games(absences({}, LOST | LATE, seen={})), None),
        ("a quote without game", lambda: unexplained_games(absences({}, LOST, seen={})),
         "VAN at TOR has no price and no reason: 1 quotes of the slate found no game"),
        ("a quote of other teams", lambda: unexplained_games(absences({}, OTHERS, seen={})), None),
        ("lost on the way", lambda: unexplained_games(absences(seen={}, counted=3)), "3 quotes were accepted and none"),
    ],
    "no_price_after_puck_drop": [
        ("in time", partial(late, "16:00", "16:30"), None),
        ("seen after the start", partial(late, "16:00", "19:00"), "1 prices from after puck drop"),
        ("captured after as-of", partial(late, "17:30", "17:30"), "1 prices from after puck drop"),
        ("seen after as-of", partial(late, "16:00", "17:30"), "1 prices from after puck drop"),
    ],
}  # fmt: skip
