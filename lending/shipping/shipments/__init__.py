"""Shipments: copies packed into numbered parcels, sent together and received line by line."""
