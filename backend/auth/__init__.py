"""Who the caller is and what they may do: identity, permissions, predicates, one policy, guards."""
