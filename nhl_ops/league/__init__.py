"""The embedded league: synthetic or recorded seasons, and a loopback server that speaks every vendor's format."""
