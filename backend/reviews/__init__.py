"""A local government's work: submission, queue, decision with a reason, and priorities."""
