"""Public proposals for civic tools: the reading half of Open311 GeoReport v2, in JSON only.

A proposal is a service request and its category a service. Nothing is written here: proposing
needs consents and a residence, for which the specification has no words.
"""
