"""Areas that people follow, circles and regions, and telling them of what happens there."""
