"""A report as one page: the very Markdown of its .md file, with plots under their headings, in report.html.j2.

Vendor text is escaped twice: in the Markdown, so that it makes no markup there, and as HTML. A page has no script, and
nothing in it leads out of the project.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from nhl_ops.gateways.files import write_atomically


@dataclass(frozen=True)
class Section:
    """A heading with what is under it, as HTML, and its plots as SVG."""

    heading: str
    html: Markup
    plots: Sequence[Markup]


def is_inside(url: str) -> bool:
    """A relative address: a file of the project."""
    parts = urlsplit(url)
    return not parts.scheme and not parts.netloc


def parser() -> MarkdownIt:
    """CommonMark with tables that scroll inside their box; no HTML, no image, no link out of the project."""
    built = (
        MarkdownIt("commonmark", {"html": False, "breaks": True})
        .enable("table")
        .disable(["image", "autolink"])
    )
    built.validateLink = is_inside  # type: ignore[method-assign]
    built.add_render_rule("table_open", lambda *_: '<div class="scroll" tabindex="0"><table>\n')
    built.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return built


PARSER = parser()
ENVIRONMENT = Environment(
    loader=PackageLoader("nhl_ops"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def by_heading(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens cut before each heading of the second level; the first part is what comes before any."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2":
            parts.append([])
        parts[-1].append(token)
    return parts


def as_html(tokens: Sequence[Token]) -> Markup:
    return Markup(PARSER.renderer.render(tokens, PARSER.options, {}))  # noqa: S704 (escaped by the parser)


def write_html(path: Path, markdown: str, state: str, plots: Mapping[str, Sequence[str]]) -> Path:
    """Write the page of a report and replace `path` with it in one step.

    markdown: starts with its title. state: class of the page, one word. plots: SVG by heading; those of a heading that
    the report does not have are left out with it.
    """
    opening, *sections = by_heading(PARSER.parse(markdown))
    rendered = ENVIRONMENT.get_template("report.html.j2").render(
        title=opening[1].content,
        state=state,
        lead=as_html(opening[3:]),
        sections=[section(part, plots) for part in sections],
    )
    return write_atomically(path, lambda beside: beside.write_text(rendered, encoding="utf-8", newline="\n"))


def section(tokens: Sequence[Token], plots: Mapping[str, Sequence[str]]) -> Section:
    heading = tokens[1].content
    drawn = [Markup(svg) for svg in plots.get(heading, ())]  # noqa: S704 (plots.py escapes labels)
    return Section(heading, as_html(tokens[3:]), drawn)
