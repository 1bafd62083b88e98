"""Web Push (RFC 8030): subscriptions of devices, our key, and messages that carry ids only."""
