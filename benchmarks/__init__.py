"""
Speed, as ratios: each benchmark measures the product and a named baseline in the same run.

One file a benchmark, each with `NAME`, `PROMISE` (a sentence), `ROWS` (its usual sizes) and
`run(*, sizes, say) -> Result`. They run in a database of their own that is thrown away.
"""
