"""Everything spatial of Dongne, usable without a web server; imports nothing heavy by itself."""
