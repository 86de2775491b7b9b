"""The page and the HTTP API: what the package reads, for a browser and for other programs."""
