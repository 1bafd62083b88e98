"""Pilot purchase rounds: offers, applications, matching runs, published plans and placements."""
