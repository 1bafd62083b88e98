"""Set-up and running of one clone: packages, environment, cluster, servers.

Uses the standard library only, because it starts before any virtual environment exists; knows
nothing of Flask, of the schema or of the domains.
"""
