"""The order room's views, split by who uses them."""
