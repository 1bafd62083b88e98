"""Photos of proposals: sent, shown, put in order, redacted."""
