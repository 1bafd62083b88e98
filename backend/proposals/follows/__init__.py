"""Who wants to hear of a proposal, and where a person stands towards one."""
