"""Keeping an installation alive: backup and restore with proof, upgrades, the system's unit, figures, readiness."""
