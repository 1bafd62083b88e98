"""What a proposal said each time it was handed in, and how two of its versions differ."""
