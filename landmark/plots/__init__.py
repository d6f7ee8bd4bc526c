"""What figures share: each function takes a result table and returns one Plotly figure; no Streamlit, no jax.

Every figure has a fixed height, axes with units, names shown as plain text and a plain sentence in place of
an empty table. ``colours`` keeps one colour per meaning, ``theme`` the common look.
"""
