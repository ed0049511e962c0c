"""Tables of game lines: moneyline two-way and three-way, puck line and total, whoever sends them."""

from nhl_ops.contracts.spec import Column, Kind, TableSpec, day, flag, instant, integer, number, string
from nhl_ops.domain.game_lines import GameMarket, Outcome

VENDORS = "NHL (its schedule), NHL_GAME_ODDS (its partner games) or ODDSSHARK."
GAME_MAPPINGS = ("game_id", "date_and_teams", "unresolved")

LINE_COLUMNS: tuple[Column, ...] = (
    string("source_vendor", VENDORS),
    string("source", "What was read: nhl_schedule, nhl_partner_game or oddsshark_scores."),
    string(
        "line_id",
        "Digest of vendor, source, event, book, market, outcome, line, price, is_stale and is_live.",
    ),
    string("payload_hash", "sha256 of the payload that the line was first parsed from."),
    string("payload_path", "Archive path of that payload."),
    instant("captured_at_utc", "First capture."),
    string("event_id_vendor", "The vendor's event id."),
    integer("game_id_sent", "NHL game id where the vendor sends it.", nullable=True),
    instant("start_time_utc", "Start as the vendor gives it."),
    string("home_team_raw", "Home team as the vendor spells it."),
    string("away_team_raw", "Away team as the vendor spells it."),
    flag("is_live", "Captured after the start, or of a started game: in play or left standing."),
    string("book_id", "The vendor's book id; oddsshark where no book is named."),
    string("book_name", "Book as the payload names it, else its id."),
    instant("vendor_updated_at_utc", "The vendor's own time of the snapshot.", nullable=True),
    flag("is_stale", "That time is older than the limit: whether the price still stands is not known."),
    string("market", "Canonical market; three-way prices are never two-way ones.", allowed=tuple(GameMarket)),
    string("market_raw", "Market and qualifier as sent."),
    string("outcome", "HOME, AWAY, DRAW, OVER or UNDER.", allowed=tuple(Outcome)),
    number("line", "Goals: a total, or the handicap of the outcome's own team.", nullable=True),
    integer("price_american", "American odds; |price| >= 100."),
    number("price_decimal", "Decimal odds.", ge=1.0),
)

RAW_GAME_LINES = TableSpec(
    "raw_game_lines",
    "odds",
    Kind.OBSERVATION,
    "Game lines parsed from payloads of an Eastern capture date, all slates, duplicates included.",
    (
        day("capture_date", "Eastern date of the payload's first capture."),
        day("game_date", "Date the vendor lists the game under, else the Eastern date of its start."),
        *LINE_COLUMNS,
        integer("row_number", "Position in the payload.", ge=0),
    ),
    ("payload_hash", "row_number"),
    partition_column="capture_date",
)

FACT_GAME_ODDS = TableSpec(
    "fact_game_odds",
    "odds",
    Kind.OBSERVATION,
    "Every distinct game line of a slate once, with its NHL game id. An unchanged line in new bytes is a "
    "counted duplicate. Stale lines stand apart under is_stale, live ones under is_live.",
    (
        day("game_date", "Slate."),
        *LINE_COLUMNS,
        instant("last_seen_at_utc", "Last capture that still carried the line, when the row was written."),
        integer("game_id_nhl", "NHL game id; null when the event was not resolved.", nullable=True),
        string("mapping_method", "By the NHL's id or by date and teams.", allowed=GAME_MAPPINGS),
        string("mapping_reason", "Why it was not resolved.", nullable=True),
    ),
    ("game_date", "line_id", "game_id_nhl"),
)

FACT_GAME_ODDS_ACCOUNTING = TableSpec(
    "fact_game_odds_accounting",
    "odds",
    Kind.DERIVATION,
    "For every payload of game lines that a slate read: seen = accepted + duplicate + other slate + quarantined.",
    (
        day("game_date", "Slate."),
        string("source_vendor", VENDORS),
        string("payload_hash", "sha256 of the payload."),
        instant("captured_at_utc", "First capture."),
        integer("seen", "Prices in the payload.", ge=0),
        integer("accepted", "Rows that are facts of this slate from this payload.", ge=0),
        integer("duplicate", "Prices that an earlier payload or row already carried.", ge=0),
        integer("other_slate", "Prices of other slates.", ge=0),
        integer("quarantined", "Prices that broke the contract (dead letters).", ge=0),
        integer("mapped", "Accepted rows with an NHL game id.", ge=0),
    ),
    ("game_date", "source_vendor", "payload_hash"),
)
