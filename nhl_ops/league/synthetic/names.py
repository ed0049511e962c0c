"""Invented names of mixed origins, and how each vendor spells them."""

import unicodedata

import numpy as np

ORIGINS: dict[str, tuple[str, str]] = {
    "anglo": (
        "Alexander Matthew Nicholas Mitchell Zachary Owen Caleb Declan Wyatt Grady Tucker Brock Emmett Rhys "
        "Callum Everett Desmond Holden J.J. T.J. Griffin Spencer Barrett Lachlan",
        "Marlowe O'Dwyer Kestrel Wainscott Braddock Fenwood Haldane Thornley Pickard-Shaw Ashgrove McQuillan "
        "Dunmore Calloway Ravenhill Stanwick O'Halleran Penhallow Cutbirth Larkspur MacAuslan Tremblett "
        "Oakeshott Birdsall Greenhalgh Winterbourne Van der Weyde Yarborough Sheppardson Blackmoor "
        "Cromwell-Lee",
    ),
    "quebec": (
        "Étienne Jérémie Thierry François Loïc Raphaël Benoît Félix Anthony Maxime Zacharie Cédric Rémi Hugo "
        "Jean-Sébastien Pier-Alexandre Nicolas Olivier",
        "Desrochambeau St-Cyrille Gagné-Pelletier L'Archevêque Côté-Villeneuve Bellehumeur Tranchemontagne "
        "D'Amboise Lafrenaye Boisjoly Charlevoix Mondoux Laforêt Vadeboncoeur Thériault-Roy Belleau "
        "Saint-Onge Brisebois-Hamel Lajeunesse Rivardier Desmeules Quessy Grandmaison",
    ),
    "nordic": (
        "Måns Oskar Jonas Göran Nils Björn Åke Håkan Rasmus Viktor Ludvig Sören Torbjörn Ville Eetu Jyri "
        "Väinö Miikka Øyvind Espen",
        "Lindåker Åkerblom Hällström Sjögrund Fröjdh Wikensjö Granlöv Norrbacka Dahlvret Öhrnell Häggkvist "
        "Rönnmark Björkhede Kivimäenpää Järvikallio Hietasalo Koskenrinne Lehtovuori Mäkirinne Salmenkorpi "
        "Tuomivaara Østergård-Lie Kjærholt Bråtveit",
    ),
    "slavic": (
        "Yegor Dmitri Maxim Artyom Kirill Bogdan Timur Vladislav Tomáš Ondřej Jiří Radim Šimon Matúš Marek "
        "Lukáš Zbyněk Miloš Kristaps Rihards",
        "Chernovetsky Zabolotin Malyutkov Voronezhin Petrushenko Gavrilyuk Starodubov Kholmsky Bezrodnov "
        "Dvořáček-Holý Pospěchal Hrdličkovec Kratochvílek Vašinka Řezníčkov Šťastnický Žilinčan Krajčovič "
        "Bērzkalns Ozoliņmuižs Strautmanis Novotnej",
    ),
    "central": (
        "Lukas Fabian Jürgen Matthias Nino Sandro Reto Kai Moritz Jannik Björn-Erik Anže Gašper Luka Tristan",
        "Müller-Haas Oberländer Schönfelder Grüninger Zbinden-Frei Hofstättler Käsbohrer Weißhaupt "
        "Brunnthaler Eggimann-Kohl Pfäffli Steinlechner Wüthrichs Kranjčevič Zupančar "
        "Sternath Rütimann-Vogt Ammersinn",
    ),
}

NICKNAMES = {
    "Alexander": "Alex",
    "Matthew": "Matt",
    "Nicholas": "Nick",
    "Mitchell": "Mitch",
    "Zachary": "Zack",
    "Maxim": "Max",
    "Yegor": "Egor",
    "Dmitri": "Dmitriy",
    "J.J.": "JJ",
}
"""Spellings that only some vendors use, as met in recorded boards."""

UNDECOMPOSED = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ß": "ss", "ł": "l", "Ł": "L"})


def full_names(count: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """`count` pairs of first and last name, no two alike even without accents."""
    pairs = [
        (first, last.replace("_", " "))
        for firsts, lasts in ORIGINS.values()
        for first in firsts.split()
        for last in lasts.replace("Van der ", "Van_der_").split()
    ]
    if count > len(pairs):
        raise ValueError(f"{count} players asked for, but there are only {len(pairs)} names")
    return [pairs[i] for i in rng.permutation(len(pairs))[:count]]


def without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(UNDECOMPOSED))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def unabated_name(first: str, last: str, *, uses_nickname: bool) -> str:
    """Without accents; some people under the short form of their first name."""
    return without_accents(f"{_short(first, uses_nickname)} {last}")


def playnow_name(first: str, last: str, *, uses_nickname: bool, tag: str = "") -> str:
    """The display name with its accents, and a tag such as "(CAR)" where two players share it."""
    name = f"{_short(first, uses_nickname)} {last}"
    return f"{name} ({tag})" if tag else name


def _short(first: str, uses_nickname: bool) -> str:
    return NICKNAMES.get(first, first) if uses_nickname else first
