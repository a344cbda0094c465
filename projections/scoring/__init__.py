"""Scoring: from facts and a rulebook to lines of points, totals and ranks. Pure."""
