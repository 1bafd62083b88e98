"""Citizens' proposals: drafts, places, endorsements, and the thread of what happened to each."""
