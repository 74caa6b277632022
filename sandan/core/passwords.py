"""How passwords are kept: Argon2id, dear in memory to who guesses, cheap enough that 500 people get in at seven."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """32 MiB, two passes, one lane: above the usual least, a fifth of the CPU time of the framework's own choice."""

    time_cost = 2
    memory_cost = 32 * 1024  # KiB
    parallelism = 1
