"""Which book prices whom at which line: the board of the priced games before any price is made."""

from dataclasses import dataclass, fields
from itertools import groupby

import numpy as np

from nhl_ops.domain.markets import SKATER_MARKETS, Market
from nhl_ops.league.synthetic.books import BOOKS, DEPTH, LISTINGS, PICKEM_BOOK, Book, Listing
from nhl_ops.league.synthetic.expected import Expected
from nhl_ops.league.synthetic.lineups import LATE, Lineups
from nhl_ops.league.synthetic.probabilities import saves_table, skater_tables

VERSIONS = 4
COMMON_OPENING_SD = 0.09
COMMON_DECAY = np.array([1.0, 0.75, 0.45, 0.30])
"""What is left of the market's common opening error at each of the day's price times."""

OWN_MEMORY = 0.6
MOVE_SHARE = 0.5
OTHER_LINE_SHARE = 0.06
TWO_WAY_RANGE, ONE_SIDED_RANGE = (0.10, 0.90), (0.02, 0.95)
PICKEM_RANGE = (0.42, 0.58)
ALL_MARKETS = tuple(Market)


@dataclass(frozen=True)
class Offers:
    """A row a priced line of one book. team_game, person; market and book as positions in `ALL_MARKETS` and
    `BOOKS`; line; two_way; is_alternate; prob_over (true); opens_at: first price time; shift: the book's
    error in logits at each price time, shape (n, VERSIONS)."""

    team_game: np.ndarray
    person: np.ndarray
    market: np.ndarray
    book: np.ndarray
    line: np.ndarray
    two_way: np.ndarray
    is_alternate: np.ndarray
    prob_over: np.ndarray
    opens_at: np.ndarray
    shift: np.ndarray


@dataclass(frozen=True)
class Pool:
    """Candidates of one market with their `over_table`, by cell; rank 0 = highest mean of the team."""

    market: Market
    team_game: np.ndarray
    person: np.ndarray
    rank: np.ndarray
    table: np.ndarray


def build_offers(
    team_games: np.ndarray, lineups: Lineups, expected: Expected, rookie: int, rng: np.random.Generator
) -> Offers:
    """The boards of all books for the given team-games; late scratches and the rookie are always priced."""
    parts = []
    for pool in _pools(team_games, lineups, expected, rookie):
        common = COMMON_OPENING_SD * rng.normal(size=(len(pool.person), 1)) * COMMON_DECAY
        listings = sorted((x for x in LISTINGS if x.market is pool.market), key=lambda x: x.book_id)
        for book_id, forms in groupby(listings, key=lambda x: x.book_id):
            parts += _book_offers(pool, book_id, list(forms), common, rng)
    return Offers(
        **{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Offers)}
    )


def _pools(team_games: np.ndarray, lineups: Lineups, expected: Expected, rookie: int) -> list[Pool]:
    persons = lineups.skaters[team_games]
    present = persons >= 0
    row, slot = np.nonzero(present)
    cells = (team_games[row], slot)
    forced = (slot == LATE) | (persons[present] == rookie)
    tables = skater_tables(expected, cells)
    means = {
        Market.SOG: expected.shots,
        Market.POINTS: expected.goals + expected.assists,
        Market.ASSISTS: expected.assists,
        Market.GOALS: expected.goals,
        Market.BLOCKS: expected.blocks,
    }
    pools = []
    for market in SKATER_MARKETS:
        mean = np.where(present, means[market][team_games], -1.0)
        rank = np.argsort(np.argsort(-mean, axis=1), axis=1)[present]
        pools.append(Pool(market, cells[0], persons[present], np.where(forced, 0, rank), tables[market]))
    starters = lineups.goalies[team_games, 0]
    saves = saves_table(expected, team_games)
    return [*pools, Pool(Market.SAVES, team_games, starters, np.zeros(len(team_games), dtype=int), saves)]


def _book_offers(
    pool: Pool, book_id: str, forms: list[Listing], common: np.ndarray, rng: np.random.Generator
) -> list[Offers]:
    """All forms of one market at one book: they share its opinion, so its ladders are in order."""
    number, book = next((i, b) for i, b in enumerate(BOOKS) if b.book_id == book_id)
    n, game = len(pool.person), pool.team_game // 2
    covered = rng.random(n) < book.coverage
    shift = _opinion(common, book, rng)
    opens_at = (rng.random(game.max() + 1) < book.opens_late).astype(int)[game]
    main = _main_line(pool, rng)
    out = []
    for form in forms:
        for level in [int(line) for line in form.at] or [main + form.offset]:
            column = np.clip(np.broadcast_to(level, n), 0, pool.table.shape[1] - 1)
            prob = pool.table[np.arange(n), column]
            rows = np.flatnonzero(covered & _offered(form, pool.rank, prob) & (column == level))
            out.append(
                Offers(
                    team_game=pool.team_game[rows],
                    person=pool.person[rows],
                    market=np.full(len(rows), ALL_MARKETS.index(pool.market)),
                    book=np.full(len(rows), number),
                    line=column[rows] + 0.5,
                    two_way=np.full(len(rows), form.two_way),
                    is_alternate=np.full(len(rows), form.is_alternate),
                    prob_over=prob[rows],
                    opens_at=opens_at[rows],
                    shift=shift[rows],
                )
            )
    return out


def _opinion(common: np.ndarray, book: Book, rng: np.random.Generator) -> np.ndarray:
    """Error in logits by price time: the market's and the book's own; an unmoved price keeps both."""
    shift = common + book.noise * rng.normal(size=common.shape)
    own = shift[:, 0] - common[:, 0]
    for version in range(1, VERSIONS):
        own = OWN_MEMORY * own + np.sqrt(1 - OWN_MEMORY**2) * book.noise * rng.normal(size=len(own))
        moves = book.moves & (rng.random(len(own)) < MOVE_SHARE)
        shift[:, version] = np.where(moves, common[:, version] + own, shift[:, version - 1])
    return shift


def _main_line(pool: Pool, rng: np.random.Generator) -> np.ndarray:
    """Level of each candidate's most even line, now and then the next best; goals hang at 0.5."""
    if pool.market is Market.GOALS:
        return np.zeros(len(pool.person), dtype=int)
    order = np.argsort(np.abs(pool.table - 0.5), axis=1)
    other = pool.market in (Market.SOG, Market.SAVES)
    return np.where(rng.random(len(order)) < OTHER_LINE_SHARE * other, order[:, 1], order[:, 0])


def _offered(form: Listing, rank: np.ndarray, prob: np.ndarray) -> np.ndarray:
    """Players deep enough for the form whose probability it can carry."""
    low, high = TWO_WAY_RANGE if form.two_way else ONE_SIDED_RANGE
    if form.book_id == PICKEM_BOOK:
        low, high = PICKEM_RANGE
    return (rank < (form.depth or DEPTH[form.market])) & (prob > low) & (prob < high)
