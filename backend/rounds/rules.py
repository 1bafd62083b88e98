"""Owns the rules of what may be offered, by the names under which refusals cite them."""

VALID_DESIGNATION = "valid_designation"
"""Only a product whose designation holds on the day is offered, announced and matched."""

PILOTED_ONCE = "piloted_once"
"""What a published plan of another round placed is not offered again, exports aside (R7)."""

FIXED_SKIPS_MATCHING = "fixed_skips_matching"
"""An institution that asked for a product in the first place gets it without a matching (R8)."""

WITHDRAWN_BY_SUPPLIER = "withdrawn_by_supplier"
"""What its supplier takes back is not matched."""
