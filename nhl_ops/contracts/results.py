"""Tables of reference and results: what the NHL said about games, rosters and what players did."""

from nhl_ops.contracts.spec import Kind, TableSpec, day, flag, instant, integer, number, string

GAME_STATES = ("FUT", "PRE", "LIVE", "CRIT", "FINAL", "OFF", "PPD", "SUSP", "CNCL")
OFF_THE_DATE = ("PPD", "SUSP", "CNCL")
SCHEDULE_STATES = ("OK", "PPD", "SUSP", "TBD", "COMPLETED", "CNCL")
POSITIONS = ("C", "L", "R", "D", "G")

RAW_NHL_SCHEDULE = TableSpec(
    "raw_nhl_schedule",
    "results",
    Kind.OBSERVATION,
    "Every state in which the NHL schedule was seen: a row a game and distinct content.",
    (
        day("game_date", "Eastern date the schedule lists the game under."),
        integer("game_id_nhl", "NHL game id."),
        integer("season", "Season id, 20252026."),
        string("game_type", "R regular season, P playoffs, PR preseason.", allowed=("PR", "R", "P")),
        instant("start_time_utc", "Scheduled start."),
        string("home_team", "NHL tri-code."),
        string("away_team", "NHL tri-code."),
        string("home_team_name", "Place and common name as sent.", nullable=True),
        string("away_team_name", "Place and common name as sent.", nullable=True),
        string("game_state", "NHL gameState.", allowed=GAME_STATES),
        string("schedule_state", "NHL gameScheduleState.", allowed=SCHEDULE_STATES),
        integer("home_score", "Goals, shootout winner's goal included.", nullable=True, ge=0),
        integer("away_score", "Goals, shootout winner's goal included.", nullable=True, ge=0),
        string("last_period_type", "REG, OT or SO of a finished game.", nullable=True),
        instant("captured_at_utc", "First capture of this content."),
        instant("known_at_utc", "When this content counts as known."),
        string("payload_hash", "sha256 of the archived payload."),
        string("row_hash", "Digest of the row's content: what makes a version."),
    ),
    ("game_id_nhl", "row_hash"),
)

FACT_GAME_RESULTS = TableSpec(
    "fact_game_results",
    "results",
    Kind.OBSERVATION,
    "Final scores; what settlement waits for. A correction is a new row.",
    (
        day("game_date", "Eastern game date."),
        integer("game_id_nhl", "NHL game id."),
        string("home_team", "NHL tri-code."),
        string("away_team", "NHL tri-code."),
        integer("home_score", "Goals, shootout winner's goal included.", ge=0),
        integer("away_score", "Goals, shootout winner's goal included.", ge=0),
        string("last_period_type", "REG, OT or SO.", nullable=True),
        instant("captured_at_utc", "First capture of this version."),
        instant("known_at_utc", "First version: three hours after the end; later ones: their own capture."),
        string("payload_hash", "sha256 of the archived payload."),
        string("row_hash", "Digest of the result: what makes a version."),
    ),
    ("game_id_nhl", "row_hash"),
)

RAW_NHL_ROSTERS = TableSpec(
    "raw_nhl_rosters",
    "results",
    Kind.OBSERVATION,
    "Current rosters of the slate's teams as captured.",
    (
        day("game_date", "Slate that the roster was captured for."),
        string("team", "NHL tri-code."),
        integer("player_id_nhl", "NHL player id."),
        string("player_name", "First and last name."),
        string("position", "C, L, R, D or G.", allowed=POSITIONS),
        day("birth_date", "Date of birth.", nullable=True),
        integer("sweater_number", "Jersey number.", nullable=True),
        instant("captured_at_utc", "First capture of this content."),
        instant("known_at_utc", "Equal to the capture: a roster is known when it was seen."),
        string("payload_hash", "sha256 of the archived payload."),
        string("row_hash", "Digest of the row's content."),
    ),
    ("game_date", "team", "player_id_nhl", "row_hash"),
)

DIM_GAMES = TableSpec(
    "dim_games",
    "results",
    Kind.DERIVATION,
    "The slate's games as known at as-of.",
    (
        day("game_date", "Slate."),
        integer("game_id_nhl", "NHL game id."),
        integer("season", "Season id, 20252026."),
        string("game_type", "R, P or PR.", allowed=("PR", "R", "P")),
        instant("start_time_utc", "Scheduled start as known at as-of."),
        string("home_team", "NHL tri-code."),
        string("away_team", "NHL tri-code."),
        string("game_state", "gameState as known at as-of.", allowed=GAME_STATES),
        string("schedule_state", "gameScheduleState as known at as-of.", allowed=SCHEDULE_STATES),
        flag("is_playable", "The game stands on this date: not postponed, suspended or cancelled."),
        instant("as_of_ts_utc", "As-of instant of this game in this run's mode."),
    ),
    ("game_date", "game_id_nhl"),
    max_age_hours=30,
)

DIM_PLAYERS = TableSpec(
    "dim_players",
    "results",
    Kind.DERIVATION,
    "Who could play tonight for the slate's teams, as known at as-of: captured rosters, else who appeared "
    "or was scratched for the team last.",
    (
        day("game_date", "Slate."),
        integer("game_id_nhl", "NHL game id."),
        integer("player_id_nhl", "NHL player id."),
        string("player_name", "Full name."),
        string("name_key", "Normalized name that mapping compares."),
        string("team", "NHL tri-code."),
        string("opponent", "NHL tri-code."),
        flag("is_home", "The player's team is at home."),
        string("position", "C, L, R, D or G.", allowed=POSITIONS),
        day("birth_date", "Date of birth.", nullable=True),
        string("source", "roster or appearance.", allowed=("roster", "appearance")),
        instant("as_of_ts_utc", "As-of instant of the game."),
    ),
    ("game_date", "game_id_nhl", "player_id_nhl"),
)

FACT_SKATER_GAMES = TableSpec(
    "fact_skater_games",
    "results",
    Kind.OBSERVATION,
    "What every skater did in every final game; the shootout does not count. A correction is a new row.",
    (
        day("game_date", "Eastern game date."),
        integer("game_id_nhl", "NHL game id."),
        integer("season", "Season id, 20252026."),
        string("game_type", "R, P or PR.", allowed=("PR", "R", "P")),
        string("team", "NHL tri-code of the player's team."),
        string("opponent", "NHL tri-code."),
        flag("is_home", "The player's team was at home."),
        integer("player_id_nhl", "NHL player id."),
        string("player_name", "Full name (REST), else the short name of the boxscore."),
        string("position", "C, L, R or D.", allowed=("C", "L", "R", "D")),
        integer("goals", "Goals.", ge=0),
        integer("assists", "Assists.", ge=0),
        integer("points", "Points.", ge=0),
        integer("shots_on_goal", "Shots on goal.", ge=0),
        integer("blocked_shots", "Shots blocked.", ge=0),
        integer("hits", "Hits.", ge=0),
        integer("power_play_goals", "Power-play goals.", ge=0),
        integer("power_play_points", "Power-play points; null where not published.", nullable=True, ge=0),
        number("toi_sec", "Ice time.", unit="s", ge=0),
        number(
            "power_play_toi_sec", "Power-play ice time; null where not published.", nullable=True, unit="s"
        ),
        instant("captured_at_utc", "First capture of this version."),
        instant("known_at_utc", "First version: three hours after the end; later ones: their own capture."),
        string("source", "stats_rest or boxscore.", allowed=("stats_rest", "boxscore")),
        string("payload_hash", "sha256 of the archived payload."),
        string("row_hash", "Digest of the statistics: what makes a version."),
    ),
    ("game_id_nhl", "player_id_nhl", "row_hash"),
    max_age_hours=48,
)

FACT_GOALIE_GAMES = TableSpec(
    "fact_goalie_games",
    "results",
    Kind.OBSERVATION,
    "What every goalie who played did in every final game.",
    (
        day("game_date", "Eastern game date."),
        integer("game_id_nhl", "NHL game id."),
        integer("season", "Season id, 20252026."),
        string("game_type", "R, P or PR.", allowed=("PR", "R", "P")),
        string("team", "NHL tri-code of the goalie's team."),
        string("opponent", "NHL tri-code."),
        flag("is_home", "The goalie's team was at home."),
        integer("player_id_nhl", "NHL player id."),
        string("player_name", "Full name (REST), else the short name of the boxscore."),
        flag("is_starter", "Started the game."),
        integer("shots_against", "Shots on goal faced.", ge=0),
        integer("saves", "Saves.", ge=0),
        integer("goals_against", "Goals allowed.", ge=0),
        number("toi_sec", "Ice time.", unit="s", ge=0),
        instant("captured_at_utc", "First capture of this version."),
        instant("known_at_utc", "First version: three hours after the end; later ones: their own capture."),
        string("source", "stats_rest or boxscore.", allowed=("stats_rest", "boxscore")),
        string("payload_hash", "sha256 of the archived payload."),
        string("row_hash", "Digest of the statistics: what makes a version."),
    ),
    ("game_id_nhl", "player_id_nhl", "row_hash"),
    max_age_hours=48,
)
