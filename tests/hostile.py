"""Texts that break careless encoders: what they may hold, nothing in a database may change."""

from hypothesis import strategies as st

HOSTILE = [
    "", " ", "\t", "\n", "\r\n", "\\", r"\N", r"\.", r"\x41", "\\\t", '"', "'", '{"a",NULL}', "NULL",
    "\x01\x1f\x7f", "Ærø Åse", "👩‍👩‍👧 𝕏", "עברית \u202eRTL", "e\u0301", "\ufeff", "a" * 4000,
    "$$; DROP", "%s %(x)s", "=1+1",
]  # fmt: skip
#: Without NUL and lone surrogates, which no text in PostgreSQL can hold.
texts = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30
)
