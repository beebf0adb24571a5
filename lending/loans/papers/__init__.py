"""The papers of loans: agreement, contents checklist, slips; their texts are each association's own."""
