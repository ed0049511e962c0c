r"""Vendor text made harmless for the files that people open: spreadsheet cells and Markdown.

Policy, the same for a workbook and a CSV file:
- Invisible characters (controls, bidi overrides, zero-width, lone surrogates) go, line breaks become a space.
- Text that a spreadsheet could take for a formula gets an apostrophe in front: text that starts with one of
  = + - @ | or their full-width twins, or has one after a comma or semicolon, where the Excel of another
  country splits a line of CSV. The apostrophe is visible on purpose: a hidden quote prefix is lost when a
  workbook is saved as CSV. Numbers are written as numbers and never pass here: no minus sign is touched.
- Text that starts with "<r>" gets one too: XlsxWriter copies such text into the workbook as markup.
- Markdown: what makes markup, a link, an image, a mention or a new cell is backslash-escaped. Names such as
  "J.T. Miller" or "run_id" stay as they are, because a report is also read as plain text.
- Messages (a dead letter, a failure): nothing is dropped, since it may be the cause. What is invisible, or could make
  markup, is written as an escape such as \u202e or \x3c, and a value is cut.
The unaltered text stays in the tables.
"""

import re
import unicodedata

CELL_LIMIT = 1_000
"""Longest text of a spreadsheet cell; Excel's own limit is 32,767 characters."""

QUOTED_CHARS = 60
"""Longest value that a message quotes."""

_BREAKS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_FORMULA = re.compile(r"(^|[,;])(\s*)(?=[=+\-@|\uff1d\uff0b\uff0d\uff20\ufe63\u2212])")
_HARMLESS = re.compile(r"[A-Za-z0-9 ,;:+=?!%#{}'_$-]*")
_LINK = re.compile(r"(?<=\])\(|:(?=//)|(?<=www)\.")
_MARKUP = re.compile(r"[<>`|~@&*\[\]]")
_MARKDOWN = re.compile(
    r"""[\\`*\[\]<>|~$@]        # markup, links, cells, mathematics, mentions
    |(?<![^\W_])_|_(?![^\W_])   # underscores, except inside a word
    |:(?=//)                    # bare web addresses
    |(?<=www)\.
    |&(?=\#?\w+;)               # entities
    """,
    re.VERBOSE | re.IGNORECASE,
)


def plain_text(text: str, limit: int | None = None) -> str:
    """One line of visible text, shortened to `limit` characters with an ellipsis."""
    line = _BREAKS.sub(" ", text)
    if not line.isascii():
        line = "".join(c for c in line if unicodedata.category(c) not in _INVISIBLE)
    else:
        line = "".join(c for c in line if c.isprintable())
    line = " ".join(line.split())
    return line if limit is None or len(line) <= limit else line[: limit - 1] + "…"


def spreadsheet_cell(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, neither now nor after being saved as CSV."""
    line = _FORMULA.sub(r"\1'\2", plain_text(text, CELL_LIMIT))
    return f"'{line}" if line.startswith("<r>") else line


def markdown_text(text: str, limit: int | None = None) -> str:
    """Text for a Markdown table cell or the middle of a sentence: no markup, link, image or new cell.

    It does not defend the start of a line (a list, a heading): put words of our own in front.
    """
    return _MARKDOWN.sub(lambda found: "\\" + found.group(), plain_text(text, limit))


def markdown_code(text: str) -> str:
    """Text as a Markdown code span, also inside a table: for commands, ids and file names."""
    line = plain_text(text)
    if not line:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{line.replace('|', chr(92) + '|')}{pad}{fence}"


def quoted(value: object, limit: int = QUOTED_CHARS) -> str:
    """A vendor's value for a message, quoted if it is a text: one line, cut, without markup; Python's escapes."""
    text = value if isinstance(value, str) else repr(value)
    if not _HARMLESS.fullmatch(text):
        text = _MARKUP.sub(_escape, escaped(text[: limit + 1].replace("\\", r"\\")))
    if not isinstance(value, str):
        return _cut(text, limit)
    mark = '"' if "'" in value and '"' not in value else "'"
    return f"{mark}{_cut(text.replace(mark, chr(92) + mark), limit)}{mark}"


def escaped(text: str) -> str:
    """A message in which a vendor's text may stand: nothing in it is invisible or makes a link."""
    if _HARMLESS.fullmatch(text):
        return text
    return _LINK.sub(_escape, "".join(c if c.isprintable() else _point(c) for c in text))


def _escape(found: re.Match[str]) -> str:
    return _point(found.group())


def _point(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip(chr(92)) + "…"
