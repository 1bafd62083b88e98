"""Files of people: where they lie, and what is made of a picture before it is kept.

Kept bare: the process that reads strangers' pictures imports this package and nothing of Flask.
"""
