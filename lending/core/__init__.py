"""What every package stands on: time, errors, the database, the outbox, languages. It knows no trunk."""
