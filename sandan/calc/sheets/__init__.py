"""Sheets as offices keep them, read without trusting them: titles, merged cells, formulas, hidden sheets; pure."""
