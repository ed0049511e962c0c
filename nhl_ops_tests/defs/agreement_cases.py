"""Cases of the checks that hold a table against those it was made from: for test_every_check."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from nhl_ops.contracts.ev import EV_PROB_AUDIT
from nhl_ops.contracts.odds import MAPPING_REVIEW
from nhl_ops.contracts.projections import FEATURE_GOALIE_FORM, PROJECTION_SKATER_MARKETS
from nhl_ops.defs.quality_agreement import in_words
from nhl_ops.domain.markets import SKATER_MARKETS, Market
from nhl_ops.transforms import agreement
from nhl_ops.transforms.best_bets import best_bets
from nhl_ops.transforms.settlements import Results, settle_slate
from nhl_ops_tests.transforms.ev_frames import (
    GAME,
    NEXT_DAY,
    SLATE,
    Row,
    facts,
    final,
    games,
    goalies,
    players,
    policy,
    prices,
    projected,
    schedule,
    skaters,
)

Reasons = Mapping[str, str]
GOALIE = {"player_id_nhl": 7, "player_name": "Joseph Woll", "position": "G"}


def wrong(rows: pd.DataFrame) -> Reasons:
    return in_words(("a table", rows))


def of_skater(*markets: Market) -> Reasons:
    made = projected(*({"market": market} for market in markets))
    return wrong(agreement.unserved_players(players({}, GOALIE), made, PROJECTION_SKATER_MARKETS))


def of_goalie(number: int) -> Reasons:
    form = pd.DataFrame([{"game_date": SLATE, "game_id_nhl": GAME, "player_id_nhl": number}])
    return wrong(agreement.unserved_players(players({}, GOALIE), form, FEATURE_GOALIE_FORM))


def of_teams(*teams: str) -> Reasons:
    factors = [
        {"game_date": SLATE, "game_id_nhl": GAME, "team": t, "market": m} for t in teams for m in Market
    ]
    return wrong(agreement.unserved_teams(games({}), pd.DataFrame(factors)))


PRICED = prices({}, {"quote_id": "q2", "player_id_nhl": 9, "ev_pct": 4.0})
BETS = best_bets(PRICED, policy())


def bets(**changes: object) -> Reasons:
    return wrong(agreement.baseless_bets(BETS.assign(**changes), PRICED))


def audit(*rows: Row) -> Reasons:
    bet = BETS.iloc[0]
    defaults = {
        "game_date": SLATE,
        "bet_id": bet["bet_id"],
        "derivation": "",
        "quantity": "ev_pct",
        "value": 5.0,
    }
    made = pd.DataFrame([defaults | row for row in rows], columns=EV_PROB_AUDIT.column_names)
    return wrong(agreement.unaudited_bets(made, BETS.head(1)))


FIRST = {"step": 1, "quantity": "mean", "value": 2.0}


def settled(drop: int = 0, **changes: object) -> Reasons:
    rows = settle_slate(PRICED, BETS, Results(final(), skaters(), goalies(), schedule()), NEXT_DAY)
    return wrong(agreement.unsettled_prices(rows.iloc[drop:].assign(**changes), PRICED, BETS))


def counted(**figures: int) -> Reasons:
    report = pd.DataFrame([{"game_date": SLATE, "prices": 2, "best_bets": 0} | figures])
    return wrong(agreement.miscounts(report, {"prices": PRICED, "best_bets": PRICED.head(0)}))


def windows(*names: str) -> Reasons:
    report = pd.DataFrame({"game_date": SLATE, "window": list(names)})
    return wrong(agreement.unreported_windows(report, [SLATE], [7]))


def coverage(vendor: int, book: int) -> Reasons:
    levels = {"slate": 3, "vendor": vendor, "book_market": book}
    rows = [{"game_date": SLATE, "level": n, "quotes": q, "quotes_mapped": 0} for n, q in levels.items() if q]
    return wrong(agreement.uneven_coverage(pd.DataFrame(rows)))


def claims(market: int, best: int) -> Reasons:
    levels = {"slate": (5, 1), "market": (market, best), "vendor": (5, 1), "book": (5, 1)}
    rows = [{"game_date": SLATE, "level": n, "prices": p, "best_bets": b} for n, (p, b) in levels.items()]
    return wrong(agreement.uneven_claims(pd.DataFrame(rows)))


def shares(*of_players: float) -> Reasons:
    rows = [{"subject": "player", "quotes_share": share} for share in of_players]
    same = {"game_date": SLATE, "source_vendor": "PLAYNOW"}
    return wrong(agreement.uneven_mapping(pd.DataFrame([same | row for row in rows])))


def tenths(*predictions: int) -> Reasons:
    rows = [{"level": "line", "predictions": 10}, *({"level": "bin", "predictions": n} for n in predictions)]
    return wrong(
        agreement.uneven_accuracy(pd.DataFrame([{"game_date": SLATE, "market": "SOG"} | r for r in rows]))
    )


VAN = {"team": "VAN", "opponent": "TOR", "is_home": False}
BOX = [
    {"goals": 2}, {"player_id_nhl": 2, "goals": 1},
    VAN | {"player_id_nhl": 3, "goals": 2}, VAN | {"player_id_nhl": 4, "goals": 0},
]  # fmt: skip
CORRECTED = {"goals": 1, "row_hash": "k2", "known_at_utc": NEXT_DAY}
STARTERS = ({}, VAN | {"player_id_nhl": 5})


def box_score(*rows: Row, starters: tuple[Row, ...] = STARTERS, **result: object) -> Reasons:
    found = agreement.thin_box_scores(final(result), skaters(*rows), goalies(*starters), least=2)
    return wrong(found)


def review(*quotes: Row) -> Reasons:
    queue = pd.DataFrame(
        [{"game_date": SLATE, "source_vendor": "UNABATED", "player_name_raw": "Matty Beniers"}],
        columns=MAPPING_REVIEW.column_names,
    )
    return wrong(agreement.unreviewed_names(facts(*quotes), queue))


UNKNOWN = {"player_id_nhl": None, "player_name_raw": "Matty Beniers"}
Judge = Callable[[], Reasons]
CASES: Mapping[str, list[tuple[str, Judge, str | None]]] = {
    "nobody_of_the_slate_is_missing": [
        ("a skater in every market", partial(of_skater, *SKATER_MARKETS), None),
        ("a market is missing", partial(of_skater, *SKATER_MARKETS[1:]), "nothing of Auston Matthews (GOALS)"),
        ("the goalie", partial(of_goalie, 7), None),
        ("another goalie", partial(of_goalie, 8), "a table: nothing of Joseph Woll"),
        ("both teams", partial(of_teams, "TOR", "VAN"), None),
        ("one team", partial(of_teams, "TOR"), "nothing of VAN (GOALS)"),
    ],
    "every_best_bet_is_a_price_with_its_audit": [
        ("as priced", bets, None),
        ("another price", partial(bets, price_decimal=3.0), "bet 1, Auston Matthews, is not the price"),
        ("no such quote", partial(bets, quote_id="gone"), "bet 1, Auston Matthews, is not the price"),
        ("out of order", partial(bets, rank=[2, 1]), "is not the price that it names"),
        ("ranks with a gap", partial(bets, rank=[1, 3]), "bet 3, Auston Matthews"),
        ("a whole audit", partial(audit, FIRST, {"step": 2}), None),
        ("a step is missing", partial(audit, FIRST, {"step": 3}), "is not whole"),
        ("another EV", partial(audit, FIRST, {"step": 2, "value": 5.1}), "is not whole, or of another EV"),
        ("no audit", audit, "is not whole"),
        ("of no bet", partial(audit, FIRST, {"step": 2}, {"step": 1, "bet_id": "x"}), "the audit of bet x"),
    ],
    "every_price_is_settled_or_pending": [
        ("each once", settled, None),
        ("one is missing", partial(settled, drop=1), "quote q1 is not settled once as it was priced"),
        ("of no price", partial(settled, quote_id=["q1", "q3"]), "quote q2 is not settled once"),
        ("another bet", partial(settled, bet_id="x"), "quote q1 is not settled once"),
    ],
    "reports_count_what_the_tables_hold": [
        ("as counted", counted, None),
        ("a price too many", partial(counted, prices=3), "prices is 3, and there are 2"),
        ("a bet that is not there", partial(counted, best_bets=1), "best_bets is 1, and there are 0"),
        ("every window", partial(windows, "7 days", "season"), None),
        ("a window is missing", partial(windows, "season"), "no window 7 days"),
    ],
    "evidence_adds_up": [
        ("coverage", partial(coverage, 3, 3), None),
        ("a book is missing", partial(coverage, 3, 2), "the rows by book_market do not add up to the slate"),
        ("no vendor at all", partial(coverage, 0, 3), "the rows by vendor do not add up to the slate"),
        ("mapping", partial(shares, 0.75, 0.249999), None),
        ("a share is missing", partial(shares, 0.75, 0.2), "the shares of PLAYNOW's players do not make one"),
        ("accuracy", partial(tenths, 4, 6), None),
        ("a tenth is missing", partial(tenths, 4), "the tenths of SOG hold other predictions than its lines"),
        ("no tenth at all", tenths, "the tenths of SOG hold other predictions"),
        ("claims", partial(claims, 5, 1), None),
        ("a price is missing", partial(claims, 4, 1), "the rows by market do not add up to the slate"),
        ("a bet is counted twice", partial(claims, 5, 2), "the rows by market do not add up to the slate"),
    ],
    "every_final_game_has_its_statistics": [
        ("both teams", partial(box_score, *BOX), None),
        ("won in a shootout", partial(box_score, *BOX, away_score=3), None),
        ("a goal was taken back", partial(box_score, *BOX, BOX[0] | CORRECTED, home_score=2), None),
        ("a skater is missing", partial(box_score, *BOX[:3]), f"VAN in game {GAME}: 1 skaters, 1 starting goalies"),
        ("no starter", partial(box_score, *BOX, starters=STARTERS[:1]), "VAN in game"),
        ("goals are missing", partial(box_score, *BOX, home_score=5), "3 goals of 5"),
        ("too many goals", partial(box_score, *BOX, home_score=2), "3 goals of 2"),
    ],
    "every_unmapped_name_waits_for_review": [
        ("mapped", partial(review, {}), None),
        ("in the queue", partial(review, UNKNOWN), None),
        ("nowhere", partial(review, UNKNOWN | {"player_name_raw": "M. Beniers"}), "UNABATED's M. Beniers is not in"),
    ],
}  # fmt: skip
