"""Where documents are kept: apart from pictures, for pictures are for everybody."""

FOLDER = "documents"
