"""Everything an association owns, as files."""
