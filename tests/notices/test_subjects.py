"""A subject arrives as it was written, however long and accented it is."""

from email import message_from_bytes, policy

from hypothesis import given
from hypothesis import strategies as st

from lending.notices.rendering import ONE_LINE_HEADERS, SMTP, EmailMessage

words = st.lists(
    st.sampled_from(["apprendre", "à", "coopérer", "réservation", "la", "Œuvre", ":", "du", "8"]),
    min_size=1,
    max_size=30,
)


@given(words)
def test_no_space_is_lost(words: list[str]) -> None:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(words)
    message.set_content("…")
    message.policy = ONE_LINE_HEADERS
    assert message_from_bytes(message.as_bytes(), policy=policy.default)["Subject"] == " ".join(words)
