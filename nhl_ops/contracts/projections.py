"""Tables of the model: what was known before the slate, the projected distributions and their probabilities."""

from nhl_ops.contracts.spec import (
    Kind,
    NullRule,
    TableSpec,
    day,
    flag,
    instant,
    integer,
    number,
    probability,
    string,
)
from nhl_ops.domain.markets import GOALIE_MARKETS, Market

MARKETS = tuple(Market)

FEATURE_SKATER_FORM = TableSpec(
    "feature_skater_form",
    "projections",
    Kind.DERIVATION,
    "Exponentially weighted, shrunk rates and ice time of each skater from games before the slate.",
    (
        day("game_date", "Slate."),
        integer("game_id_nhl", "NHL game id."),
        integer("player_id_nhl", "NHL player id."),
        string("market", "Market that the rate belongs to.", allowed=MARKETS),
        integer("games_played", "Games before the slate in the history.", ge=0),
        number("toi_sec_mean", "Weighted, shrunk ice time.", unit="s", ge=0),
        number("rate_per_hour", "Weighted, shrunk rate per 60 minutes of ice time.", ge=0),
        number("weight_sum", "Sum of the weights behind the rate; 0 = prior alone.", ge=0),
        instant("as_of_ts_utc", "As-of instant of the game."),
    ),
    ("game_date", "game_id_nhl", "player_id_nhl", "market"),
)

FEATURE_GOALIE_FORM = TableSpec(
    "feature_goalie_form",
    "projections",
    Kind.DERIVATION,
    "Exponentially weighted, shrunk save and workload figures of each goalie before the slate.",
    (
        day("game_date", "Slate."),
        integer("game_id_nhl", "NHL game id."),
        integer("player_id_nhl", "NHL player id."),
        integer("games_played", "Starts before the slate in the history.", ge=0),
        number("save_pct", "Weighted, shrunk save percentage.", ge=0, le=1),
        number("weight_sum", "Sum of the weights; 0 = prior alone.", ge=0),
        instant("as_of_ts_utc", "As-of instant of the game."),
    ),
    ("game_date", "game_id_nhl", "player_id_nhl"),
)

FEATURE_TEAM_FACTORS = TableSpec(
    "feature_team_factors",
    "projections",
    Kind.DERIVATION,
    "How much of each statistic a team produces and allows against the league, before the slate.",
    (
        day("game_date", "Slate."),
        integer("game_id_nhl", "NHL game id."),
        string("team", "NHL tri-code."),
        string("market", "Market.", allowed=MARKETS),
        number("for_factor", "Team's production relative to the league; 1 = average.", ge=0),
        number("against_factor", "What it allows relative to the league; 1 = average.", ge=0),
        number("league_mean", "League mean a team-game (SAVES: shots on goal against).", ge=0),
        instant("as_of_ts_utc", "As-of instant of the game."),
    ),
    ("game_date", "game_id_nhl", "team", "market"),
)


def projection_table(name: str, who: str) -> TableSpec:
    return TableSpec(
        name,
        "projections",
        Kind.DERIVATION,
        f"Projected distribution of each {who} and market, given that he plays.",
        (
            day("game_date", "Slate."),
            integer("game_id_nhl", "NHL game id."),
            integer("player_id_nhl", "NHL player id."),
            string("market", "Market.", allowed=MARKETS),
            number("mean", "Projected mean of the count.", ge=0),
            number("mean_base", "Mean before opponent and home factors.", ge=0),
            number("opponent_factor", "Multiplier for the opponent.", ge=0),
            number("home_factor", "Multiplier for home or away.", ge=0),
            number("toi_sec_mean", "Projected ice time.", nullable=True, unit="s", ge=0),
            string("distribution", "poisson or negative_binomial.", allowed=("poisson", "negative_binomial")),
            number("dispersion", "alpha of Var = mu + alpha mu^2; 0 for Poisson.", ge=0),
            integer("games_played", "Games of history behind it.", ge=0),
            flag("is_fallback", "No history: the prior of the position alone."),
            string("model_version", "Version of the projection model and its constants."),
            instant("as_of_ts_utc", "As-of instant of the game."),
        ),
        ("game_date", "game_id_nhl", "player_id_nhl", "market"),
        nulls=(
            NullRule(
                ("toi_sec_mean",),
                "a goalie's saves are projected",
                lambda f: f["market"].isin(GOALIE_MARKETS),
            ),
        ),
    )


PROJECTION_SKATER_MARKETS = projection_table("projection_skater_markets", "skater")
PROJECTION_GOALIE_MARKETS = projection_table("projection_goalie_markets", "goalie (if he starts)")

SINGLE_GAME_PROP_PROBABILITIES = TableSpec(
    "single_game_prop_probabilities",
    "projections",
    Kind.DERIVATION,
    "P(over) of every line of the standard ladder and every line that any book offers, given that he plays.",
    (
        day("game_date", "Slate."),
        integer("game_id_nhl", "NHL game id."),
        integer("player_id_nhl", "NHL player id."),
        string("player_name", "Full name."),
        string("team", "NHL tri-code."),
        string("opponent", "NHL tri-code."),
        string("position", "C, L, R, D or G."),
        string("market", "Market.", allowed=MARKETS),
        number("line", "Over wins above it.", ge=0),
        probability("p_over", "P(stat > line)."),
        probability("p_push", "P(stat = line); 0 unless the line is whole."),
        probability("p_under", "P(stat < line)."),
        number("mean", "Projected mean of the count.", ge=0),
        flag("is_fallback", "No history: the prior of the position alone."),
        string("model_version", "Version of the projection model and its constants."),
        instant("as_of_ts_utc", "As-of instant of the game."),
    ),
    ("game_date", "game_id_nhl", "player_id_nhl", "market", "line"),
    max_age_hours=30,
)
