"""One's own copy of everything: asked for, made by a job, taken by a link that is good once."""
