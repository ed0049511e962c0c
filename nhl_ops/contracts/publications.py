"""The row that every publication carries about itself; the catalog shows it as `slate_publications`."""

from nhl_ops.contracts.spec import Kind, TableSpec, day, instant, integer, string
from nhl_ops.domain.cards import Move

PUBLISHED, WITHDRAWN = "published", "withdrawn"

SLATE_PUBLICATIONS = TableSpec(
    "slate_publications",
    "publication",
    Kind.DERIVATION,
    "One row a slate: which version of its card readers see, since when, and whether it is withdrawn: "
    "a withdrawn card is not to be used.",
    (
        day("game_date", "Slate."),
        string("state", "published, or withdrawn: not to be used.", allowed=(PUBLISHED, WITHDRAWN)),
        integer("version", "Version of the card that readers see, from 1.", ge=1),
        integer("latest_version", "Newest version that was ever published; higher after a rollback.", ge=1),
        string("action", "What made it so: publish, rollback or withdraw.", allowed=tuple(Move)),
        instant("published_at_utc", "When this version was published."),
        instant("since_utc", "Since when readers see it as it is."),
        string("moved_by", "Who rolled back or withdrew; null after a run.", nullable=True),
        string("reason", "Why it was rolled back or withdrawn.", nullable=True),
        string(
            "publication",
            "Folder below data/published/<date>/ that readers are led to; it never changes. Null in rows from before "
            "it was told.",
            nullable=True,
        ),
    ),
    ("game_date",),
)
