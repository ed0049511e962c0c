"""`ev_prob_audit_<date>.{md,csv,jsonl}`: every number of every best bet, from the projected mean to EV."""

from datetime import date
from math import isnan
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from nhl_ops.contracts.ev import EV_MULTI_BOOK_BEST_BETS, EV_PROB_AUDIT
from nhl_ops.domain.escaping import plain_text
from nhl_ops.gateways.exports.csv_export import DIGITS, csv_cells, write_csv
from nhl_ops.gateways.exports.markdown import write_markdown
from nhl_ops.gateways.exports.names import prob_audit
from nhl_ops.gateways.files import write_atomically

BET_COLUMNS = ["bet_id", "rank", "player_name", "team", "opponent", "market", "line", "side", "book_name"]
BET_COLUMNS += ["price_american"]
STEP_COLUMNS = ["step", "quantity", "value", "derivation"]


def write_prob_audit(folder: Path, slate: date, audit: pd.DataFrame, best_bets: pd.DataFrame) -> list[Path]:
    """Write the audit of one slate in its three forms and return their paths (md, csv, jsonl).

    `audit` has the columns of ev_prob_audit, `best_bets` those of ev_multi_book_best_bets. Raises ValueError
    when a step belongs to no best bet: an audit of something that nobody was offered is a mistake.
    """
    steps = EV_PROB_AUDIT.conform(audit)
    bets = EV_MULTI_BOOK_BEST_BETS.conform(best_bets)
    strangers = sorted(set(steps["bet_id"]) - set(bets["bet_id"]))
    if strangers:
        raise ValueError(
            f"ev_prob_audit of {slate} has steps of {len(strangers)} bets that are not among its best bets "
            f"({', '.join(strangers[:3])}); materialize ev_multi_book_best_bets and ev_prob_audit together"
        )
    rows = steps.merge(bets[BET_COLUMNS], on="bet_id").sort_values(["rank", "step"], kind="stable")
    entries = audit_entries(rows)
    target = {suffix: folder / Path(prob_audit(slate, suffix)).name for suffix in ("md", "csv", "jsonl")}
    columns = EV_MULTI_BOOK_BEST_BETS.by_name | EV_PROB_AUDIT.by_name
    shown = csv_cells(rows[["game_date", *BET_COLUMNS, *STEP_COLUMNS]], columns)
    jsonl = b"".join(orjson.dumps(jsonl_entry(e), option=orjson.OPT_APPEND_NEWLINE) for e in entries)
    return [
        write_markdown(target["md"], "ev_prob_audit", {"slate": slate, "bets": entries}),
        write_atomically(target["csv"], lambda p: write_csv(p, shown)),
        write_atomically(target["jsonl"], lambda p: p.write_bytes(jsonl)),
    ]


def audit_entries(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """A dict a bet in rank order, its steps under "steps"."""
    entries = []
    for _, group in rows.groupby("rank", sort=True):
        bet = group[["game_date", *BET_COLUMNS]].head(1).to_dict("records")[0]
        entries.append(bet | {"steps": group[STEP_COLUMNS].to_dict("records")})
    return entries


def jsonl_entry(entry: dict[str, Any]) -> dict[str, Any]:
    """One line of the JSONL file: floats to 6 decimals, null for a missing value, text on one line."""
    return {k: [jsonl_entry(s) for s in v] if k == "steps" else _plain(v) for k, v in entry.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, float):
        return None if isnan(value) else round(value, DIGITS)
    return value
