"""A small player-props page of OddsShark and the scores that its events refer to, in the documented shape."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

TABS = ("GOALS", "ASSISTS", "POINTS", "POWER PLAY POINTS", "SHOTS ON GOAL", "BLOCKS")
BOOKS = ("DraftKings", "FanDuel")
START = 1767744000
"""2026-01-07T00:00Z, the evening of 2026-01-06 in New York."""


def offer(info: str, detail: str) -> str:
    return f'<div><span class="odds-info">{info}</span><span class="odds-detail">{detail}</span></div>'


def cell(*offers: str) -> str:
    return f'<div class="book-row"><div class="player-props-odds">{"".join(offers)}</div></div>'


def two_way(line: str = "2.5", over: str = "-120", under: str = "+100") -> str:
    return cell(offer(f"O {line}", over), offer(f"U {line}", under))


BEST = two_way(over="+555", under="+444")


def row(*cells: str, name: str = "Jack Hughes", event: object = 1900001, best: str = BEST) -> str:
    """A player's row: Best Odds and a cell a book."""
    return (
        f'<div class="player-props--row" data-event="{event}"><span class="player-name">{name}</span>'
        f"{best}{''.join(cells)}</div>"
    )


def game(*rows: str, teams: str = "CAR @ NJ -") -> str:
    return f'<div class="props-game-info"><span class="props-teams">{teams}</span></div>{"".join(rows)}'


def header(*books: str) -> str:
    """Player, Best Odds, and the books by the alt of their logos."""
    logos = "".join(
        f'<div class="player-props--item"><img src="/x.svg" alt="{escape(book)}"></div>' for book in books
    )
    first = '<div class="player-props--item">Player</div><div class="player-props--item">Best Odds</div>'
    return f'<div class="player-props--header">{first}{logos}</div>'


def container(*games: str, head: str | None = None) -> str:
    inside = (header(*BOOKS) if head is None else head) + "".join(games)
    return f'<div class="player-props--container tab">{inside}</div>'


def document(tabs: Iterable[str], containers: Iterable[str]) -> str:
    buttons = "".join(f'<button class="button button--tab-primary">{tab}</button>' for tab in tabs)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><script>var odds = "-110";</script></head><body>'
        f'<nav class="tab-group foil">{buttons}</nav>{"".join(containers)}</body></html>'
    )


def page(by_tab: Mapping[str, str] | None = None) -> bytes:
    """All tabs; those not given are there and hold nothing but a header."""
    given = by_tab or {}
    return document(TABS, [given.get(tab) or container() for tab in TABS]).encode()


def shots(*rows: str) -> bytes:
    """A page with these rows of one game under SHOTS ON GOAL."""
    return page({"SHOTS ON GOAL": container(game(*rows))})


def full_page() -> bytes:
    """Two games, three markets, one tab that is not read, an empty cell and a one-sided one."""
    hughes = row(two_way(), two_way(over="-115", under="-105"))
    makar = row(two_way("3.5"), cell(), name="Cale Makar", event=1900002)
    both = container(game(hughes), game(makar, teams="COL @ SJ -"))
    goals = container(game(row(cell(offer("O 0.5", "+160")), cell(), name="Nico Hischier")))
    power = container(game(row(two_way("0.5"), two_way("0.5"))))
    return page({"GOALS": goals, "SHOTS ON GOAL": both, "POINTS": both, "POWER PLAY POINTS": power})


def team(display: str | None, code: str | None) -> dict[str, Any]:
    return {"names": {"name": None, "display_name": display, "abbreviation": code}, "moneyLine": None}


def event(
    number: object = 1900001,
    start: object = START,
    away: tuple[str | None, str | None] = ("Carolina Hurricanes", "CAR"),
    home: tuple[str | None, str | None] = ("New Jersey Devils", "NJ"),
) -> dict[str, Any]:
    teams = {"home": team(*home), "away": team(*away)}
    return {"id": number, "date": start, "status": None, "total": None, "teams": teams}


def scores(*events: dict[str, Any]) -> dict[str, Any]:
    return {"scores": list(events)}


def both_events() -> dict[str, Any]:
    other = event("1900002", str(START + 9000), ("Colorado Avalanche", "COL"), ("San Jose Sharks", "SJ"))
    return scores(event(), other)
