"""Proposals that say the same: which was merged into which, whose backing moved, and back again."""
