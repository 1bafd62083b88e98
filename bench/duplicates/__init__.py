"""How well similar proposals are found: precision and recall on labelled pairs, by signal."""
