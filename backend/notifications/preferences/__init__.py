"""How a person wants to be told: channels by group, quiet hours, the digest, the language."""
