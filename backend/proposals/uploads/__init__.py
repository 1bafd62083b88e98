"""Photos that arrive in chunks, over networks that break."""
