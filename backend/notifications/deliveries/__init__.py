"""The outbox of what leaves the application: which notice goes by which channel, and when."""
