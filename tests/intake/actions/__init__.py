"""Tests of every change of the catalogue."""
