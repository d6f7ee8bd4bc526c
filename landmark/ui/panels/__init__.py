"""The panels that pages are made of: one module per page, and the few things that several pages share."""
