"""A private instance for tests that run the real binary: PostgreSQL, Redis, agon serve.

Python's standard library alone. Everything lives in one folder under /tmp, listens on
sockets in it or on loopback, and is ended with its folder, however the test ends.
"""
