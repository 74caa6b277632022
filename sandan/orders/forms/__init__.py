"""The order room's forms, split by who uses them."""
