"""Who writes a proposal together with its first author, and how they are invited."""
