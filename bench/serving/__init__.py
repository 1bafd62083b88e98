"""What benchmarks of a running server share: its database, the server, the client, the rounds."""
