"""Session state, resources and panels: the only package that imports Streamlit."""
