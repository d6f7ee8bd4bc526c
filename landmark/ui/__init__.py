"""What all pages share: the only package that imports Streamlit; it never imports jax.

``state`` knows what the user works on, ``resources`` reads results, ``page``, ``empty``, ``jobcard``, ``figure``,
``footer`` and ``form`` are the parts a page is put together from.
"""
