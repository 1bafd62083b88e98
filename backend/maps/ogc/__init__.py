"""The data of the map as OGC API - Features, Part 1 (OGC 17-069r4): layers that a GIS opens."""
