"""Tables of fair prices, expected value, the audit of each number, and settlement."""

from nhl_ops.contracts.odds import MARKETS, SIDES
from nhl_ops.contracts.spec import (
    Kind,
    NullRule,
    TableSpec,
    chance,
    day,
    flag,
    instant,
    integer,
    number,
    probability,
    string,
)
from nhl_ops.domain.settlement import Outcome

UNDECIDED = (Outcome.VOID, Outcome.PENDING)

EV_FAIR_PRICES = TableSpec(
    "ev_fair_prices",
    "ev",
    Kind.DERIVATION,
    "Every price that stands at as-of, with its de-vigged probability, the consensus of the other books at the "
    "same line, and the expected value against consensus (headline) and model.",
    (
        day("game_date", "Slate."),
        string("quote_id", "Quote in fact_prop_odds."),
        integer("game_id_nhl", "NHL game id."),
        integer("player_id_nhl", "NHL player id."),
        string("player_name", "Full name."),
        string("team", "NHL tri-code."),
        string("opponent", "NHL tri-code."),
        string("market", "Market.", allowed=MARKETS),
        number("line", "Over wins above it.", ge=0),
        string("side", "OVER or UNDER.", allowed=SIDES),
        string("source_vendor", "UNABATED, PLAYNOW, ..."),
        string("book_id", "The vendor's book id."),
        string("book_name", "Book."),
        string("book_key", "The book, the same whichever vendor carries it and however it spells the name."),
        flag("is_bettable", "A sportsbook price, neither synthetic nor pick'em."),
        integer("price_american", "American odds."),
        number("price_decimal", "Decimal odds.", ge=1.0),
        chance("prob_implied", "1 / price_decimal."),
        number("hold", "Sum of both implied probabilities minus 1; null when one-sided.", nullable=True),
        chance(
            "prob_devig_book", "This book's own de-vigged probability; null when one-sided.", nullable=True
        ),
        string("devig_basis", "two_way or none.", allowed=("two_way", "none")),
        string("devig_method", "Method of the de-vig, config/policy.toml."),
        chance("prob_consensus", "Logit mean of the other books' at this line.", nullable=True),
        number(
            "prob_consensus_spread", "Max minus min of the de-vig methods' consensus.", nullable=True, ge=0
        ),
        integer("books_in_consensus", "Other books behind it.", ge=0),
        probability("prob_model", "The model's probability of this side.", nullable=True),
        probability("prob_push_model", "The model's probability of a push.", nullable=True),
        number("fair_price_decimal", "1 / prob_consensus (pushes aside).", nullable=True, ge=1.0),
        integer("fair_price_american", "The same as American odds.", nullable=True),
        number(
            "break_even_price_decimal",
            "Lowest price with EV >= 0 under the consensus.",
            nullable=True,
            ge=1.0,
        ),
        number("ev_pct", "100 * EV a unit against the consensus: the headline.", nullable=True, unit="%"),
        number(
            "ev_model_pct", "100 * EV a unit against the model: the second column.", nullable=True, unit="%"
        ),
        number("quote_age_sec", "As-of minus the last sighting of the quote.", unit="s", ge=0),
        instant("captured_at_utc", "First capture of the quote."),
        instant("last_seen_at_utc", "Last sighting at or before as-of."),
        instant("start_time_utc", "Start of the game, NHL."),
        instant("as_of_ts_utc", "As-of instant of the game."),
    ),
    ("game_date", "quote_id"),
    max_age_hours=30,
    nulls=(
        NullRule(
            ("hold", "prob_devig_book"), "the book has one side alone", lambda f: f["devig_basis"] == "none"
        ),
        NullRule(
            ("prob_consensus", "prob_consensus_spread", "fair_price_decimal", "fair_price_american"),
            "no other book stands behind it",
            lambda f: f["books_in_consensus"] == 0,
        ),
        NullRule(
            ("break_even_price_decimal", "ev_pct"),
            "there is no consensus, or nobody says how likely a push is",
            lambda f: (f["books_in_consensus"] == 0) | ((f["line"] % 1 == 0) & f["prob_push_model"].isna()),
        ),
        NullRule(
            ("prob_push_model", "ev_model_pct"),
            "the player is not projected in this market",
            lambda f: f["prob_model"].isna(),
        ),
    ),
)

EV_MULTI_BOOK_BEST_BETS = TableSpec(
    "ev_multi_book_best_bets",
    "ev",
    Kind.DERIVATION,
    "One row a wager (player, market, line, side) at its best takeable price, ranked by EV.",
    (
        day("game_date", "Slate."),
        integer("rank", "1 = highest EV of the slate.", ge=1),
        string("bet_id", "Digest of game, player, market, line, side."),
        string("quote_id", "The quote taken."),
        integer("game_id_nhl", "NHL game id."),
        integer("player_id_nhl", "NHL player id."),
        string("player_name", "Full name."),
        string("team", "NHL tri-code."),
        string("opponent", "NHL tri-code."),
        string("market", "Market.", allowed=MARKETS),
        number("line", "Over wins above it.", ge=0),
        string("side", "OVER or UNDER.", allowed=SIDES),
        string("source_vendor", "UNABATED, PLAYNOW, ..."),
        string("book_name", "Book with the best price."),
        integer("price_american", "American odds."),
        number("price_decimal", "Decimal odds.", ge=1.0),
        chance("prob_consensus", "Consensus of the other books."),
        probability("prob_model", "The model's probability.", nullable=True),
        number("fair_price_decimal", "1 / prob_consensus.", ge=1.0),
        number("break_even_price_decimal", "Lowest price with EV >= 0.", ge=1.0),
        integer("books_in_consensus", "Other books behind the consensus.", ge=0),
        integer("books_quoting", "Books that quote this side of the line.", ge=1),
        number("ev_pct", "100 * EV a unit against the consensus.", unit="%"),
        number("ev_model_pct", "100 * EV a unit against the model.", nullable=True, unit="%"),
        number("quote_age_sec", "As-of minus the last sighting.", unit="s", ge=0),
        flag("is_suspect", "EV above the credible maximum of config/policy.toml: check the data first."),
        instant("start_time_utc", "Start of the game."),
        instant("as_of_ts_utc", "As-of instant of the game."),
    ),
    ("game_date", "bet_id"),
    max_age_hours=30,
    nulls=(NullRule(("ev_model_pct",), "the player is not projected", lambda f: f["prob_model"].isna()),),
)

EV_PROB_AUDIT = TableSpec(
    "ev_prob_audit",
    "ev",
    Kind.DERIVATION,
    "Every number of every best bet derived step by step, from the projected mean to EV.",
    (
        day("game_date", "Slate."),
        string("bet_id", "Bet in ev_multi_book_best_bets."),
        integer("step", "Order of the derivation.", ge=1),
        string("quantity", "Name of the number."),
        number("value", "The number.", nullable=True),
        string("derivation", "How it follows from the steps before, with the figures put in."),
    ),
    ("game_date", "bet_id", "step"),
)

FACT_PROP_SETTLEMENTS = TableSpec(
    "fact_prop_settlements",
    "outcomes",
    Kind.DERIVATION,
    "What became of every priced line and of the published bets, from final boxscores: overtime counts, the "
    "shootout does not, zero is a result, a player who did not play is void.",
    (
        day("game_date", "Slate."),
        string("quote_id", "Quote in ev_fair_prices."),
        string("bet_id", "Bet, when this quote was a published best bet.", nullable=True),
        integer("game_id_nhl", "NHL game id."),
        integer("player_id_nhl", "NHL player id."),
        string("market", "Market.", allowed=MARKETS),
        number("line", "Over wins above it.", ge=0),
        string("side", "OVER or UNDER.", allowed=SIDES),
        string("book_name", "Book."),
        number("price_decimal", "Decimal odds.", ge=1.0),
        number("ev_pct", "EV that was claimed.", nullable=True, unit="%"),
        integer("stat_value", "The statistic; null when void or pending.", nullable=True, ge=0),
        string("outcome", "won, lost, push, void or pending.", allowed=tuple(Outcome)),
        string("outcome_reason", "Why it is void or pending.", nullable=True),
        number(
            "profit_units",
            "Profit of one unit staked; 0 for push and void; null while pending.",
            nullable=True,
        ),
        instant("settled_at_utc", "When the result counts as known.", nullable=True),
    ),
    ("game_date", "quote_id"),
    nulls=(
        NullRule(("stat_value",), "the line is void or pending", lambda f: f["outcome"].isin(UNDECIDED)),
        NullRule(("outcome_reason",), "the line is decided", lambda f: ~f["outcome"].isin(UNDECIDED)),
        NullRule(("profit_units",), "the line is pending", lambda f: f["outcome"] == Outcome.PENDING),
        NullRule(
            ("settled_at_utc",),
            "the line is void or pending",
            lambda f: f["outcome"].isin(UNDECIDED),
            is_exact=False,
        ),
    ),
)
