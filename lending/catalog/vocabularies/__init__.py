"""The words by which titles are sorted, kept by the federation."""
