"""Who may see what: the permission battery over every address, and tests that try to break G2 and G3."""
