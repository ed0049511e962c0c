"""Ports of this machine."""

import socket


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Nothing listens on it."""
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) != 0
