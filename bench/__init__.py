"""What a request costs: CPU of the server and of PostgreSQL, beside the smallest view that still does something."""
