"""How often something may be done: by an account, from an address, by everybody."""

from backend.limits.guard import check_caller, init_app
from backend.limits.marks import as_read, limited

__all__ = ["as_read", "check_caller", "init_app", "limited"]
