"""Frames in, frames out, one module a subject. Never a clock, a file or a gateway."""
