"""Which offices looked at what a person told in confidence, when, and for which task."""
