"""Local governments, institutions, suppliers and who works for them."""
