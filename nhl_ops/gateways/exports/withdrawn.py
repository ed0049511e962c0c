"""The mark of a withdrawn card, where a reader of each file meets it first."""

from pathlib import Path

import orjson
import pandas as pd
from markupsafe import escape

from nhl_ops.domain.cards import Withdrawal
from nhl_ops.domain.escaping import markdown_text, plain_text
from nhl_ops.gateways.exports.wording import plural
from nhl_ops.gateways.files import write_atomically

TEXTS = (".md", ".html", ".csv", ".jsonl")
TITLE_ENDS = "</h1>\n"


def left_out(windows: pd.DataFrame) -> str:
    """What a rolling report says of withdrawn cards, by rows of REPORT_ROLLING; empty where there is none."""
    counted = windows.loc[windows["slates_withdrawn"].fillna(0) > 0].sort_values("window_days")
    if counted.empty:
        return ""
    parts = ", ".join(
        f"{row.window}: {plural(int(row.slates_withdrawn), 'slate')}" for row in counted.itertuples()
    )
    return f"Left out of best bets, EV and ROI because their cards are withdrawn: {parts}."


def mark_texts(folder: Path, slate: str, withdrawal: Withdrawal) -> None:
    """Put the mark at the head of every Markdown, HTML, CSV and JSONL file of a published folder.

    Markdown and HTML: after the title. CSV: a first line that starts with "#". JSONL: a first object with `withdrawn`.
    Who reads a CSV or JSONL without looking fails on it: such a card is not to be used. Each file is replaced, so
    that a hard link of it elsewhere stays as it was.
    """
    for path in sorted(folder.iterdir()):
        if path.suffix in TEXTS:
            marked = _marked(path.suffix, path.read_text(encoding="utf-8"), slate, withdrawal)
            write_atomically(path, lambda beside, text=marked: beside.write_text(text, encoding="utf-8"))


def _marked(suffix: str, text: str, slate: str, withdrawal: Withdrawal) -> str:
    which = f"Slate {slate}, version {withdrawal.version}:"
    if suffix == ".md":
        title, _, rest = text.partition("\n")
        return f"{title}\n\n**{which} {markdown_text(withdrawal.sentence)}**\n{rest}"
    if suffix == ".html":
        head, end, rest = text.partition(TITLE_ENDS)
        return (
            f'{head}{end}<p class="withdrawn">{which} {escape(plain_text(withdrawal.sentence))}</p>\n{rest}'
        )
    if suffix == ".csv":
        return f"# {slate} {plain_text(withdrawal.sentence)}\n{text}"
    head = {
        "withdrawn": True,
        "game_date": slate,
        "version": withdrawal.version,
        "at_utc": withdrawal.at_utc,
        "by": plain_text(withdrawal.by),
        "reason": plain_text(withdrawal.reason),
    }
    return f"{orjson.dumps(head).decode()}\n{text}"
