"""E-mail: confirmed addresses, letters about notices, the digest, and how to stop them."""
