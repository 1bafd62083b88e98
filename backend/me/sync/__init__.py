"""What changed for one person since they last asked, by transactions that ended, not by clocks."""
