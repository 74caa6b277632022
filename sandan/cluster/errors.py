"""What the embedded database may refuse, in words for the person who started it."""


class ClusterError(Exception):
    """The embedded database could not be made, started or reached; the text says what to do."""
