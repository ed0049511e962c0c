"""Names that a fault gives to people."""

UNKNOWN_PEOPLE = tuple(
    f"{first} {last}"
    for last in ("Quackenbush", "Featherstonehaugh", "Zabriskie")
    for first in ("Zebulon", "Ignatz", "Ottokar", "Percival", "Wolfram")
)
HOSTILE_NAMES = (
    "Conor \"The 'Quote'\" O'Neil",
    "<script>alert(1)</script> <b>&amp;",
    '=1+1 =HYPERLINK("http://elsewhere.invalid","x")',
    "@SUM(1) +cmd|' /C calc'!A0",
    "Zoë \U0001f3d2\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u202etnioP\u2066 Right\u2069-to-left\u200f",
    "Robert'); DROP TABLE fact_odds;--",
    "../../../etc/passwd C:\\Windows\\..\\nul",
)
"""Quotes, markup, formulas, emoji with joiners, bidi marks, SQL, path separators."""
