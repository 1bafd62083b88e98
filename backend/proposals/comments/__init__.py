"""What people say about a proposal, what is reported, and what an office hides with a reason."""
