"""
The assistant: answers a person's question from articles of the house and from a record's state.

What it may say is written by people: an article that two of them put in force (`services`), or a
topic, a function of an app that tells how a record stands (`topics`). A question finds the nearest
of these (`retrieval`); where none is near enough it offers what it may be about, or says that it
does not know (`answering`). A language model by URL may put an article's text into other words
(`model`); it never sees who asks (`redaction`).
"""
