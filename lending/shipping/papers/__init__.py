"""What goes with a shipment on paper: dispatch note, labels of parcels, return labels."""
