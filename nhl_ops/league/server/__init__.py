"""The loopback server: every vendor's documented wire format, from one dataset at one virtual time."""
