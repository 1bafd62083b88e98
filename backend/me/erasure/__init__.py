"""Erasing an account: what is a person's alone goes, what others built on loses the name."""
