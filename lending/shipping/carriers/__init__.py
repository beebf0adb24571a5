"""What carriers ask for a parcel, behind a port: by hand by default, room for a service that knows many carriers."""
