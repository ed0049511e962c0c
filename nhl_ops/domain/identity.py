"""How people's names are compared: normal form, tags, nicknames, initials. Who it is, is decided elsewhere.

A name is compared in up to three forms, each coarser than the one before:
1. the key: lower case without accents, punctuation, suffix and tag ("Aho, Sebastian (CAR)": "sebastian aho");
2. the nickname key: the first name in its family's one form, words joined ("Zack Bolduc", "Zachary Bolduc");
3. the initial key: initial and surname ("N. Pionk").
The coarser forms are for a handful of candidates only: the two teams of an event.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_TAG = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DROPPED = re.compile(r"['`.\u2018\u2019\u00b4\u200b-\u200f\u2060\ufeff\u00ad]")
_SEPARATORS = re.compile(r"[\W_]+")
_POSITIONS = {"F": "F", "C": "F", "L": "F", "R": "F", "LW": "F", "RW": "F", "W": "F", "FWD": "F"} | {
    "FORWARD": "F",
    "CENTER": "F",
    "CENTRE": "F",
    "D": "D",
    "LD": "D",
    "RD": "D",
    "DEF": "D",
    "DEFENSE": "D",
    "DEFENCE": "D",
    "DEFENSEMAN": "D",
    "DEFENCEMAN": "D",
    "G": "G",
    "GK": "G",
    "GOALIE": "G",
    "GOALTENDER": "G",
}

NICKNAMES: tuple[str, ...] = (
    "alex alexander alexandre aleksander aleksandr aleksandar alexandr alec",
    "alexei alexey aleksei aleksey",
    "andrei andrey",
    "andrew drew andy",
    "anthony tony",
    "arseni arseny arsenii arseniy",
    "artem artyom",
    "artemi artemy artemiy artemii",
    "ben benjamin benny",
    "bob bobby rob robby robbie robert",
    "brad bradley",
    "cal calvin callum callan",
    "cam cameron",
    "carl karl",
    "charlie charles chuck",
    "chris christopher kris kristopher",
    "christian kristian cristian",
    "connor conor conner",
    "dan daniel danny danil daniil danila",
    "dave david",
    "dmitri dmitry dmitriy dmitrii dimitri",
    "ed eddie edward",
    "egor yegor",
    "eric erik",
    "evgeni evgeny evgenii evgeniy yevgeni yevgeny",
    "freddy freddie fred frederick fredrick frederik fredrik",
    "fyodor fedor",
    "gabe gabriel",
    "greg gregory",
    "henry hank",
    "ilya ilia",
    "jake jacob jakob jakub",
    "jeff jeffrey geoff geoffrey",
    "jim jimmy james jamie",
    "jj johnjason",
    "joe joey joseph",
    "john johnny jon jonny jonathan jonathon",
    "jeangabriel jg",
    "josh joshua",
    "ken kenny kenneth",
    "lucas lukas luc",
    "marc mark",
    "mat matt matthew mathew mathieu matty",
    "matvei matvey",
    "max maxim maxime maksim maxwell maximilian maximillian",
    "mike michael mikey micheal",
    "mikhail mikhael",
    "mitch mitchell",
    "nate nathan nathaniel",
    "nick nicholas nicolas nic nicky nicklas niklas",
    "nikolai nikolay",
    "oliver ollie",
    "pat patrick patric patrik",
    "pete peter petr pyotr",
    "phil philip phillip philipp philippe",
    "pierreluc pl",
    "ray raymond",
    "rick ricky richard",
    "ron ronnie ronald",
    "sam samuel sammy",
    "sean shawn shaun",
    "sergei sergey",
    "steve steven stephen stephan",
    "tim timothy timmy",
    "tom thomas tommy",
    "tyler ty",
    "vasili vasily vasiliy vasilii",
    "viktor victor vic",
    "vince vincent vinnie",
    "vitali vitaly vitaliy",
    "vlad vladislav",
    "will william bill billy willie",
    "yuri yury juri",
    "zach zack zac zachary zachery",
)
_FAMILIES = {form: family.split()[0] for family in NICKNAMES for form in family.split()}


@dataclass(frozen=True)
class ParsedName:
    """A name in its normal form; `tag` is what stood in parentheses, as written ("2004", "CAR", "F")."""

    key: str
    tag: str | None


@lru_cache(maxsize=65_536)
def parse_name(raw: str) -> ParsedName:
    """The key of a name and its tag. Transposed names ("Last, First") are turned round, suffixes dropped."""
    tags = [a or b for a, b in _TAG.findall(raw)]
    text = _fold(_TAG.sub(" ", raw))
    parts = [part for part in (_without_suffix(_words(part)) for part in text.split(",")) if part]
    words = [word for part in (*parts[1:], *parts[:1]) for word in part]
    return ParsedName(" ".join(_join_initials(words)), next((t.strip() for t in tags if t.strip()), None))


def name_key(raw: str) -> str:
    """The normal form in which names are compared, parentheses left out."""
    return parse_name(raw).key


def nickname_key(key: str) -> str:
    """A key with the first name in its family's one form and all words joined ("De Brusk" is "DeBrusk")."""
    first, _, rest = key.partition(" ")
    compact = rest.replace(" ", "")
    hyphenated, _, surname = rest.partition(" ")
    if surname and first + hyphenated in _FAMILIES:
        return f"{_FAMILIES[first + hyphenated]} {surname.replace(' ', '')}"
    return f"{_FAMILIES.get(first, first)} {compact}"


def initial_key(key: str) -> str:
    """Initial and surname of a key ("neal pionk" and "n pionk" are "n pionk")."""
    first, _, rest = key.partition(" ")
    return f"{first[:1]} {rest.replace(' ', '')}"


def is_short(key: str) -> bool:
    """The first name is a single letter, as in boxscores."""
    return len(key.partition(" ")[0]) == 1 and " " in key


def position_group(raw: str | None) -> str | None:
    """F, D or G of a position as any vendor writes it; None when there is none or it is not one."""
    return _POSITIONS.get(raw.strip().upper()) if raw else None


def tag_year(tag: str | None) -> int | None:
    """The year of birth that a tag names: "2004", "b. 2004", "Apr 3, 2004"."""
    found = _YEAR.search(tag) if tag else None
    return int(found.group()) if found else None


def _fold(text: str) -> str:
    plain = text.casefold().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def _words(text: str) -> list[str]:
    return _SEPARATORS.sub(" ", _DROPPED.sub("", text)).split()


def _without_suffix(words: list[str]) -> list[str]:
    return words[:-1] if words and words[-1] in _SUFFIXES else words


def _join_initials(words: list[str]) -> list[str]:
    """ "j t miller" as "jt miller": leading single letters are one first name."""
    initials = 0
    while initials < len(words) - 1 and len(words[initials]) == 1:
        initials += 1
    return ["".join(words[:initials]), *words[initials:]] if initials > 1 else words
