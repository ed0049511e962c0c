"""Reading HTML that others wrote: a page's tree, and the text of its elements."""

from typing import Any

from lxml import etree, html

from nhl_ops.gateways.drift import Told, broken, unlike
from nhl_ops.gateways.vendor import Payload

NEVER_SHOWN = ("script", "style", "template", "noscript", etree.Comment, etree.ProcessingInstruction)
END_OF_PAGE, TAIL_BYTES = b"</html", 4096
TEXT_CHARS = 200


def document(payload: Payload) -> Any:
    """The tree of a whole page in UTF-8, without what a browser never shows.

    libxml2 mends broken markup, but takes a page that was cut off for a whole one and stops at its depth limit.
    Raises VendorContract for both, and for what is no UTF-8 or no HTML.
    """
    body = payload.body.removeprefix(b"\xef\xbb\xbf")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise broken(
            payload, unlike(f"byte {error.start}", "UTF-8", Told(f"{body[error.start]:#04x}, {error.reason}"))
        ) from None
    if END_OF_PAGE not in body[-TAIL_BYTES:].lower():
        raise broken(
            payload,
            unlike(
                "the end of the page",
                "</html>",
                Told(f"none in {len(body):,} bytes: it is cut off, or no page"),
            ),
        )
    parser = etree.HTMLParser(encoding="utf-8")
    try:
        root = html.document_fromstring(body, parser=parser)
    except etree.LxmlError as error:
        raise broken(payload, unlike("the page", "HTML", Told(f"none: {error}"))) from None
    fatal = parser.error_log.filter_from_fatals()
    if len(fatal):
        raise broken(payload, unlike(f"line {fatal[0].line}", "HTML to the end", Told(fatal[0].message)))
    etree.strip_elements(root, *NEVER_SHOWN, with_tail=False)
    return root


def text_of(element: Any) -> str:
    """The text inside, white space collapsed, cut at TEXT_CHARS."""
    if not len(element):
        return words(element.text or "")
    parts, size = [], 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > 2 * TEXT_CHARS:
            break
    return words("".join(parts))


def words(text: str) -> str:
    """Text with its white space collapsed, cut at TEXT_CHARS."""
    return " ".join(text.split())[:TEXT_CHARS]
