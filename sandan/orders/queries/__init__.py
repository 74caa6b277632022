"""The order room's queries, split by who uses them."""
