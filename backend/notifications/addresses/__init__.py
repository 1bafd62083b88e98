"""Another address for an account: asked for by its owner, taken over once its reader confirms."""
