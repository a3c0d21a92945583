"""What can go wrong on the way out."""


class Refused(Exception):
    """It will never go as it is; `str()` says why."""


class Unreachable(Exception):
    """It did not go now; `str()` says why."""
