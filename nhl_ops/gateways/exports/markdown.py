"""Markdown from templates/*.md.j2. Everything a template prints is escaped unless it is `Markdown`."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from nhl_ops.domain.escaping import markdown_code, markdown_text
from nhl_ops.domain.run_summary import Severity
from nhl_ops.domain.slates import SlateOutcome
from nhl_ops.gateways.exports import names, wording
from nhl_ops.gateways.files import write_atomically

CELL_LIMIT = 120


class Markdown(str):
    """A fragment that is Markdown by our own hand."""

    __slots__ = ()


def cell(value: object) -> Markdown:
    """One table cell: vendor text escaped and shortened, our own Markdown as it is."""
    return value if isinstance(value, Markdown) else Markdown(markdown_text(str(value), CELL_LIMIT))


def text(value: object) -> object:
    """What `{{ ... }}` prints: any length, never markup of a vendor's making."""
    is_foreign = isinstance(value, str) and not isinstance(value, Markdown)
    return Markdown(markdown_text(str(value))) if is_foreign else value


def code(value: object) -> Markdown:
    return Markdown(markdown_code(str(value)) if value else wording.MISSING)


def link(file: str) -> Markdown:
    """A link to a project file, relative to outputs/monitoring, named by the file."""
    return Markdown(f"[{markdown_text(Path(file).name)}]({quote(names.from_monitoring(file))})")


def words(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    return wording.MISSING if pd.isna(value) or value == "" else str(value)


def long_words(value: Any) -> Markdown:
    return Markdown(markdown_text(words(value)))


def outcome(value: str) -> str:
    return wording.OUTCOME_WORDS[SlateOutcome(value)]


def verdict(passed: bool) -> Markdown:
    return Markdown("passed" if passed else "**failed**")


def severity(value: Severity) -> str:
    return "holds the slate" if value is Severity.ERROR else "warns"


def suspect(value: bool) -> str:
    return "check the data first" if value else ""


def by_name(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items())) or wording.MISSING


Format = Callable[[Any], str]
LEFT: dict[str, Format] = {
    "text": words,
    "long": long_words,
    "code": code,
    "verdict": verdict,
    "severity": severity,
    "suspect": suspect,
    "by_name": by_name,
    "link": link,
    "market": wording.market_label,
    "side": wording.side_label,
    "outcome": outcome,
    "check": wording.sentence_of,
}
RIGHT: dict[str, Format] = {
    "count": wording.count,
    "signed": wording.signed,
    "tenth": wording.tenth,
    "american": wording.american,
    "decimal": wording.decimal,
    "line": wording.line,
    "figure": wording.figure,
    "loss": wording.loss,
    "signed_loss": wording.signed_loss,
    "percent": wording.percent,
    "share": wording.share,
    "points": wording.points,
    "percent_points": wording.percent_points,
    "said": words,
    "units": wording.units,
    "seconds": wording.seconds,
    "size": wording.size,
    "clock": wording.clock,
    "moment": wording.moment,
}


def display_width(shown: str) -> int:
    """Columns that text takes in a fixed-width font."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shown
    )


def value_of(record: object, key: str) -> Any:
    return record[key] if isinstance(record, Mapping) else getattr(record, key)


def table(records: Iterable[object], columns: Sequence[tuple[str, str, str]]) -> Markdown:
    """A Markdown table of mappings or dataclasses, padded so that it reads as plain text too.

    `columns` are (header, key or attribute, name of a format). Numbers are right-aligned; every cell passes
    `cell`.
    """
    formats = LEFT | RIGHT
    rows = [[cell(formats[form](value_of(record, key))) for _, key, form in columns] for record in records]
    header = [cell(title) for title, _, _ in columns]
    widths = [max(3, *(display_width(row[i]) for row in [header, *rows])) for i in range(len(columns))]
    right = [form in RIGHT for _, _, form in columns]

    def padded(row: Sequence[str]) -> str:
        cells = []
        for shown, width, is_right in zip(row, widths, right, strict=True):
            gap = " " * (width - display_width(shown))
            cells.append(gap + shown if is_right else shown + gap)
        return "| " + " | ".join(cells) + " |"

    rule = ["-" * (w - 1) + ":" if is_right else "-" * w for w, is_right in zip(widths, right, strict=True)]
    return Markdown("\n".join([padded(header), "| " + " | ".join(rule) + " |", *map(padded, rows)]))


def environment() -> Environment:
    """Templates of the package. A name that a template misspells is an error, not an empty string."""
    built = Environment(
        loader=PackageLoader("nhl_ops"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        finalize=text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    built.filters |= LEFT | RIGHT | {"table": table, "cell": cell}
    built.filters |= {"own": Markdown, "long_date": wording.long_date, "plural": wording.plural}
    return built


ENVIRONMENT = environment()


def render(template: str, context: Mapping[str, Any]) -> str:
    """`templates/<template>.md.j2` with its context filled in."""
    return ENVIRONMENT.get_template(f"{template}.md.j2").render(**context)


def write_markdown(path: Path, template: str, context: Mapping[str, Any]) -> Path:
    """Render a template and replace `path` with it in one step."""
    rendered = render(template, context)
    return write_atomically(path, lambda beside: beside.write_text(rendered, encoding="utf-8", newline="\n"))
