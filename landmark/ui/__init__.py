"""What pages share: what the user works on, what is read, the frame of a page, forms, widgets and the job card."""
