"""Action sheets: documents, their text and their preview."""
