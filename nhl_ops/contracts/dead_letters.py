"""The table of dead letters: what broke a contract, and what became of it."""

from enum import StrEnum

from nhl_ops.contracts.spec import Kind, TableSpec, day, instant, integer, string


class LetterState(StrEnum):
    """What became of a dead letter. An open or a cleared one is quarantined, a replayed one is not.

    Replayed: a later parse no longer finds it, for its item is a row by now or a letter under another rule.
    """

    OPEN = "open"
    REPLAYED = "replayed"
    CLEARED = "cleared"


DEAD_LETTERS = TableSpec(
    "dead_letters",
    "odds",
    Kind.OBSERVATION,
    "Every item that broke its contract, with the rule that it broke. A row a letter and version: a replay, a "
    "clearing and a return add the next version, the highest counts, and none is ever deleted.",
    (
        day("capture_date", "Eastern date of the payload's first capture."),
        string("letter_id", "Digest of vendor, payload, rule, detail and sample."),
        integer("version", "0 when it came, one more with each change.", ge=0),
        string("source_vendor", "UNABATED, PLAYNOW, NHL, ..."),
        string("endpoint", "Name of the endpoint in the vendor's client.", nullable=True),
        string("payload_hash", "sha256 of the payload."),
        string("payload_path", "Archive path of the payload.", nullable=True),
        instant("captured_at_utc", "First capture of the payload."),
        string("rule", "The rule that was broken, as a word."),
        string("detail", "Where in the payload, what was expected and what came."),
        string("sample", "The item as JSON, shortened."),
        integer("occurrences", "Items of the payload that are alike in rule, detail and sample.", ge=0),
        integer("quarantined", "Of them, those that have not become rows.", ge=0),
        string(
            "state",
            "open; cleared by hand; replayed: a later parse finds it no more.",
            allowed=tuple(LetterState),
        ),
        integer("attempts", "Replays after which it was a letter still.", ge=0),
        instant("changed_at_utc", "When it came to this version; null for the first.", nullable=True),
        string("changed_by", "Who replayed or cleared it.", nullable=True),
        string("replay_id", "The replay; its run carries it as the tag nhl_ops/replay.", nullable=True),
        string("reason", "Why it was cleared.", nullable=True),
    ),
    ("letter_id", "version"),
    partition_column="capture_date",
)
