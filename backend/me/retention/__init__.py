"""For how long what is kept of people, as everybody may read it, and the clearing that is left."""
