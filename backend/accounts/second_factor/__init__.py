"""The second factor of a sign-in: an authenticator's codes (RFC 6238), and codes to recover."""
