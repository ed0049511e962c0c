import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from nhl_ops.domain.escaping import (
    CELL_LIMIT,
    escaped,
    markdown_code,
    markdown_text,
    plain_text,
    quoted,
    spreadsheet_cell,
)

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
NASTY_TEXT = st.text(alphabet="\\|`*_[]()<>!~$&;:/#@=+-'\" \n\tawx1.", max_size=40)
FORMULA_STARTS = tuple("=+-@|\uff1d\uff0b\uff0d\uff20\ufe63\u2212")


def table_row(markdown: str) -> list[list[str]]:
    """What a reader sees in the row's cells: the kinds and contents of their inline tokens."""
    source = f"| a | b | c |\n| - | - | - |\n| first | {markdown} | last |\n"
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
    cells = [t.children or [] for t in tokens if t.type == "inline"][3:]
    return [[f"{child.type}:{child.content}" for child in cell] for cell in cells]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\u200b=1", "'=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a;=1+1", "a;'=1+1"),
        ("a, -1", "a,' -1"),
        ("<r><t>x</t></r>", "'<r><t>x</t></r>"),
        ("Ryan Nugent-Hopkins", "Ryan Nugent-Hopkins"),
        ("O'Reilly, Ryan", "O'Reilly, Ryan"),
        ("J.T. Miller", "J.T. Miller"),
        ("", ""),
    ],
)
def test_a_spreadsheet_cell_never_starts_a_formula(text: str, cell: str) -> None:
    assert spreadsheet_cell(text) == cell


@given(ANY_TEXT | NASTY_TEXT)
@example("\r=1")
@example("\ud800=1")
def test_no_text_at_all_becomes_a_formula_or_breaks_a_file(text: str) -> None:
    cell = spreadsheet_cell(text)
    assert not cell.startswith((*FORMULA_STARTS, "<r>"))
    assert "\n" not in cell.encode("utf-8").decode("utf-8")
    assert spreadsheet_cell(cell) == cell


def test_invisible_characters_go_and_line_breaks_become_spaces() -> None:
    assert plain_text("evil\u202egnp.exe\u2066 a\u200bb\x00c\ud800d") == "evilgnp.exe abcd"
    assert plain_text(" one\r\ntwo\u2028three\x85four\tfive ") == "one two three four five"


def test_accents_and_emoji_stay() -> None:
    assert plain_text("Martin Fehérváry 🏒 Łukasz") == "Martin Fehérváry 🏒 Łukasz"


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert plain_text("x" * 50, 10) == "x" * 9 + "…"
    assert len(spreadsheet_cell("x" * 40_000)) == CELL_LIMIT


@pytest.mark.parametrize(
    "name", ["J.T. Miller", "Ryan Nugent-Hopkins", "Zach O'Reilly", "run_id", "AT&T", "a (b)"]
)
def test_ordinary_names_read_the_same_in_markdown(name: str) -> None:
    assert markdown_text(name) == name


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("<script>", r"\<script\>"),
        ("[x](http://e.example)", r"\[x\](http\://e.example)"),
        ("![x](y)", r"!\[x\](y)"),
        ("www.e.example", r"www\.e.example"),
        ("@someone", r"\@someone"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("_em_ __b__", r"\_em\_ \_\_b\_\_"),
        ("a\nb", "a b"),
    ],
)
def test_markdown_markup_of_a_vendor_is_shown_and_not_obeyed(text: str, escaped: str) -> None:
    assert markdown_text(text) == escaped


@given(ANY_TEXT | NASTY_TEXT)
@example("\\|")
@example("\\")
@example("`|`")
@example("<http://e.example>")
def test_a_markdown_cell_shows_exactly_the_plain_text_and_stays_one_cell(text: str) -> None:
    shown = plain_text(text)
    expected = [f"text:{shown}"] if shown else []
    assert table_row(markdown_text(text)) == [["text:first"], expected, ["text:last"]]


@given(NASTY_TEXT)
@example("``|`")
def test_a_code_span_stays_one_cell_and_holds_the_text(text: str) -> None:
    shown = plain_text(text)
    row = table_row(markdown_code(text))
    assert len(row) == 3
    if shown and "\\" not in shown:
        assert row[1] == [f"code_inline:{shown}"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("-110", "'-110'"),
        ("D'Amboise", '"D\'Amboise"'),
        ("\u202eevil\u200b", r"'\u202eevil\u200b'"),
        ("two\nlines\x00", r"'two\x0alines\x00'"),
        ("<script>", r"'\x3cscript\x3e'"),
        ("[a](https://x.y) | `b`", r"'\x5ba\x5d\x28https\x3a//x.y) \x7c \x60b\x60'"),
        ("Zbyněk Žilinčan", "'Zbyněk Žilinčan'"),
        ("\ud800", r"'\ud800'"),
        (12.5, "12.5"),
        (True, "True"),
    ],
)
def test_a_quoted_value_is_visible_and_no_markup(value: object, shown: str) -> None:
    assert quoted(value) == shown


@given(st.text(), st.integers(5, 80))
def test_a_quoted_value_is_one_short_line_without_anything_invisible(text: str, limit: int) -> None:
    shown = quoted(text, limit)
    assert len(shown) <= limit + 2
    assert not set("<>`|\n\r") & set(shown)
    assert plain_text(shown).replace(" ", "") == shown.replace(" ", "")


def test_a_message_keeps_our_words_and_shows_what_is_invisible_in_theirs() -> None:
    ours = "$.odds[3].price: expected one of <table>, found 'x'"
    assert escaped(ours) == ours
    assert escaped("$.\u202ekey: https://x") == r"$.\u202ekey: https\x3a//x"
