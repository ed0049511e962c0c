import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhl_ops.domain.identity import (
    NICKNAMES,
    initial_key,
    is_short,
    name_key,
    nickname_key,
    parse_name,
    position_group,
    tag_year,
)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("Martin Fehérváry", "martin fehervary"),
        ("Juraj Slafkovský", "juraj slafkovsky"),
        ("Ørjan Łukasz Groß", "orjan lukasz gross"),
        ("J.T. Miller", "jt miller"),
        ("J. T. Miller", "jt miller"),
        ("JT Miller", "jt miller"),
        ("Ryan O'Reilly", "ryan oreilly"),
        ("Ryan O\u2019Reilly", "ryan oreilly"),
        ("Ryan Nugent-Hopkins", "ryan nugent hopkins"),
        ("  RYAN\u00a0 Nugent   Hopkins ", "ryan nugent hopkins"),
        ("Sebastian Aho (CAR)", "sebastian aho"),
        ("Aho, Sebastian (CAR)", "sebastian aho"),
        ("Maroon, Pat, Jr.", "pat maroon"),
        ("Pat Maroon Jr.", "pat maroon"),
        ("Robert Thomas III", "robert thomas"),
        ("St. Louis Blues", "st louis blues"),
        ("\u200bJack Hughes", "jack hughes"),
        ("", ""),
        ("()", ""),
    ],
)
def test_names_are_compared_without_what_spellings_differ_in(raw: str, key: str) -> None:
    assert name_key(raw) == key


@pytest.mark.parametrize(
    ("raw", "tag"),
    [
        ("Elias Pettersson (2004)", "2004"),
        ("Sebastian Aho (CAR)", "CAR"),
        ("Matt Murray [G]", "G"),
        ("Jack Hughes", None),
        ("Jack Hughes ()", None),
    ],
)
def test_the_tag_in_parentheses_is_kept_as_evidence(raw: str, tag: str | None) -> None:
    assert parse_name(raw).tag == tag


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(raw: str) -> None:
    key = name_key(raw)
    assert name_key(key) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mitch Marner", "Mitchell Marner"),
        ("Zack Bolduc", "Zachary Bolduc"),
        ("Alex Wennberg", "Alexander Wennberg"),
        ("Nicholas Paul", "Nick Paul"),
        ("Maxim Shabanov", "Max Shabanov"),
        ("Yegor Chinakhov", "Egor Chinakhov"),
        ("Dmitriy Simashev", "Dmitri Simashev"),
        ("Josh Mahura", "Joshua Mahura"),
        ("J.J. Peterka", "John-Jason Peterka"),
        ("Jake De Brusk", "Jake DeBrusk"),
        ("Cam York", "Cameron York"),
        ("Pat Kane", "Patrick Kane"),
    ],
)
def test_nicknames_and_joined_words_share_a_coarser_key(one: str, other: str) -> None:
    assert nickname_key(name_key(one)) == nickname_key(name_key(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jack Hughes", "Luke Hughes"), ("Elias Lindholm", "Hampus Lindholm"), ("Nick Paul", "Nick Suzuki")],
)
def test_different_people_keep_different_keys(one: str, other: str) -> None:
    assert nickname_key(name_key(one)) != nickname_key(name_key(other))


def test_a_first_name_belongs_to_one_family_of_nicknames() -> None:
    forms = [form for family in NICKNAMES for form in family.split()]
    assert len(forms) == len(set(forms))


def test_short_names_are_met_by_initial_and_surname() -> None:
    assert is_short(name_key("N. Pionk"))
    assert not is_short(name_key("J.T. Miller"))
    assert initial_key(name_key("N. Pionk")) == initial_key(name_key("Neal Pionk"))


@pytest.mark.parametrize(
    ("raw", "group"),
    [("C", "F"), ("LW", "F"), ("Defenseman", "D"), ("d", "D"), ("Goalie", "G"), ("CAR", None), (None, None)],
)
def test_positions_of_all_vendors_fall_into_three_groups(raw: str | None, group: str | None) -> None:
    assert position_group(raw) == group


@pytest.mark.parametrize(("tag", "year"), [("2004", 2004), ("b. 1998", 1998), ("CAR", None), (None, None)])
def test_a_tag_may_name_the_year_of_birth(tag: str | None, year: int | None) -> None:
    assert tag_year(tag) == year
