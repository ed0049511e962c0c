"""Tables of prices: payloads, sightings, parsed quotes and the normalized facts."""

from nhl_ops.contracts.spec import (
    Column,
    Kind,
    NullRule,
    TableSpec,
    day,
    flag,
    instant,
    integer,
    number,
    string,
)
from nhl_ops.domain.mapping import EventMethod, MappingMethod
from nhl_ops.domain.markets import Market, Side
from nhl_ops.domain.vendors import PRICE_VENDORS

MARKETS = tuple(Market)
UNMAPPED = (MappingMethod.UNRESOLVED, MappingMethod.AMBIGUOUS)
SIDES = tuple(Side)

RAW_ODDS_PAYLOADS = TableSpec(
    "raw_odds_payloads",
    "odds",
    Kind.OBSERVATION,
    "Every distinct body an odds vendor sent, by its digest; the bytes lie in the archive.",
    (
        day("capture_date", "Eastern date of the first capture."),
        string("source_vendor", "UNABATED, PLAYNOW, ..."),
        string("endpoint", "Name of the endpoint in the vendor's client."),
        string("payload_hash", "sha256 of the decoded body."),
        string("payload_path", "Archive path, relative to the project."),
        integer("size_bytes", "Size of the body.", unit="bytes", ge=0),
        integer("http_status", "Status that came with it."),
        instant("captured_at_utc", "First capture."),
    ),
    ("source_vendor", "payload_hash"),
    partition_column="capture_date",
    max_age_hours=30,
)

RAW_ODDS_SIGHTINGS = TableSpec(
    "raw_odds_sightings",
    "odds",
    Kind.OBSERVATION,
    "Every time an odds endpoint was asked: also for equal bytes, a 304 or a failure.",
    (
        day("capture_date", "Eastern date of the capture."),
        string("source_vendor", "UNABATED, PLAYNOW, ..."),
        string("endpoint", "Name of the endpoint in the vendor's client."),
        string("url", "URL without secrets and cache-busters; a failure starts with failed:."),
        instant("captured_at_utc", "When it was asked, by the clock gateway."),
        integer("http_status", "Status, null when no answer came.", nullable=True),
        string("outcome", "ok, not_modified, partial_board, vendor_down or rejected."),
        string("payload_hash", "sha256 of the body; null when there was none.", nullable=True),
        string("error", "Cause of a failure, shortened, without secrets.", nullable=True),
    ),
    ("source_vendor", "url", "captured_at_utc"),
    partition_column="capture_date",
)

QUOTE_COLUMNS: tuple[Column, ...] = (
    string("source_vendor", "UNABATED, PLAYNOW, ..."),
    string(
        "quote_id",
        "Digest of vendor, vendor market or outcome id, book, line, side, price, vendor time.",
        is_varied=True,
    ),
    string("payload_hash", "sha256 of the payload that the quote was first parsed from."),
    string("payload_path", "Archive path of that payload."),
    instant("captured_at_utc", "First capture."),
    string("event_id_vendor", "The vendor's event id."),
    instant("start_time_utc", "Start as the vendor gives it."),
    string("home_team_raw", "Home team as the vendor spells it.", nullable=True),
    string("away_team_raw", "Away team as the vendor spells it.", nullable=True),
    string("player_id_vendor", "The vendor's player id.", nullable=True),
    string("player_name_raw", "Player as the vendor spells the name."),
    string("player_team_raw", "The player's team as the vendor gives it.", nullable=True),
    string("player_position_raw", "Position as the vendor gives it.", nullable=True),
    day("player_birth_date", "Date of birth as the vendor gives it.", nullable=True),
    string("market", "Canonical market.", allowed=MARKETS),
    string("market_raw", "Market name or bet type id as sent."),
    string("market_id_vendor", "The vendor's market or outcome id."),
    number("line", "Over wins above it.", ge=0),
    string("side", "OVER or UNDER.", allowed=SIDES),
    string("book_id", "The vendor's book id."),
    string("book_name", "Book as the payload names it, else its id."),
    integer("price_american", "American odds; |price| >= 100."),
    number("price_decimal", "Decimal odds.", ge=1.0),
    flag("is_live", "The price was offered in play."),
    flag("is_alternate", "From an alternate ladder."),
    instant("vendor_updated_at_utc", "The vendor's own time of the price.", nullable=True),
)


def raw_quote_table(name: str, vendor: str) -> TableSpec:
    """Raw quotes of one vendor: a row a payload and quote, every slate that the payload holds."""
    return TableSpec(
        name,
        "odds",
        Kind.OBSERVATION,
        f"Quotes parsed from {vendor} payloads of an Eastern capture date, all slates, duplicates included.",
        (
            day("capture_date", "Eastern date of the payload's first capture."),
            day("game_date", "Eastern date of the vendor's start time."),
            *QUOTE_COLUMNS,
            integer(
                "row_number",
                "Position among the payload's rows; replayed ones follow.",
                ge=0,
                is_varied=True,
            ),
        ),
        ("payload_hash", "row_number"),
        partition_column="capture_date",
    )


RAW_QUOTES = {
    vendor: raw_quote_table(f"raw_{vendor.lower()}_odds", title) for vendor, title in PRICE_VENDORS.items()
}
"""Raw quotes by vendor."""

FACT_PROP_ODDS = TableSpec(
    "fact_prop_odds",
    "odds",
    Kind.OBSERVATION,
    "Every distinct quote of a slate once, with its NHL ids. Key: quote_id and the ids it was mapped to; "
    "an unchanged price in new bytes is a counted duplicate and only its last_seen_at_utc moves, which readers "
    "get from raw_odds_sightings.",
    (
        day("game_date", "Slate."),
        *QUOTE_COLUMNS,
        instant("last_seen_at_utc", "Last capture that still carried the quote, when the row was written."),
        integer("game_id_nhl", "NHL game id; null when the event was not resolved.", nullable=True),
        integer("player_id_nhl", "NHL player id; null when not resolved.", nullable=True),
        string("mapping_method", "How the player was resolved.", allowed=tuple(MappingMethod)),
        string("mapping_reason", "Why it was not resolved.", nullable=True),
        number(
            "mapping_score",
            "Strength of the evidence, no probability. 0.95 full name, 0.9 alias table, 0.85 another form of the "
            "first name, 0.7 initial and surname; 0.05 more if birth date, position or team agree, 0.05 less if the "
            "event names no teams; 0 = not resolved. Null in rows from before this column.",
            nullable=True,
            ge=0,
            le=1,
        ),
        string(
            "event_method",
            "How the game was resolved: date_and_teams, date_and_people (the event names no teams, and its "
            "people all play in one game) or unresolved. Null in rows from before this column.",
            nullable=True,
            allowed=tuple(EventMethod),
        ),
    ),
    ("quote_id", "game_id_nhl", "player_id_nhl"),
    max_age_hours=30,
    nulls=(
        NullRule(
            ("mapping_reason",),
            "game and player are resolved",
            lambda f: f["game_id_nhl"].notna() & f["player_id_nhl"].notna(),
            is_exact=False,
        ),
        NullRule(
            ("player_id_nhl",),
            "the mapping method says so",
            lambda f: f["mapping_method"].isin(UNMAPPED),
        ),
    ),
)

MAPPING_REVIEW = TableSpec(
    "mapping_review",
    "odds",
    Kind.DERIVATION,
    "Players of a slate's quotes that were not mapped, each with the likeliest candidates of the two teams: the "
    "queue of names for a person to decide. A candidate is a suggestion, never a mapping.",
    (
        day("game_date", "Slate."),
        string("source_vendor", "UNABATED, PLAYNOW, ..."),
        string("player_name_raw", "Player as the vendor spells the name."),
        string("player_team_raw", "The player's team as the vendor gives it.", nullable=True),
        integer("game_id_nhl", "NHL game id; null when the event was not resolved.", nullable=True),
        flag("is_goalie", "The quotes are of goalie markets."),
        integer("quotes", "Distinct quotes that wait for this name.", ge=1),
        string("reason", "Why the name was not resolved.", nullable=True),
        integer("rank", "1 = likeliest candidate.", ge=1),
        integer("candidate_id", "NHL player id; null when nobody is likely.", nullable=True),
        string("candidate_name", "The candidate's full name.", nullable=True),
        string("candidate_team", "NHL tri-code.", nullable=True),
        number(
            "score",
            "Similarity of the normalized names, 0 to 1: a suggestion's, not a mapping_score.",
            nullable=True,
            ge=0,
            le=1,
        ),
    ),
    ("game_date", "source_vendor", "player_name_raw", "player_team_raw", "game_id_nhl", "is_goalie", "rank"),
)

FACT_ODDS_ACCOUNTING = TableSpec(
    "fact_odds_accounting",
    "odds",
    Kind.DERIVATION,
    "For every payload that a slate read: seen = accepted + duplicate + other slate + quarantined.",
    (
        day("game_date", "Slate."),
        string("source_vendor", "UNABATED, PLAYNOW, ..."),
        string("payload_hash", "sha256 of the payload."),
        instant("captured_at_utc", "First capture."),
        integer("seen", "Quotes in the payload.", ge=0),
        integer("accepted", "Rows that are facts of this slate from this payload.", ge=0),
        integer("duplicate", "Quotes that an earlier payload or row already carried.", ge=0),
        integer("other_slate", "Quotes of other slates.", ge=0),
        integer("quarantined", "Quotes that broke the contract (dead letters).", ge=0),
        integer("mapped", "Accepted rows with NHL player and game id.", ge=0),
    ),
    ("game_date", "source_vendor", "payload_hash"),
)
