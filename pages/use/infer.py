"""Complete the profiles of new samples."""

from landmark.analyses.infer.view import PAGE

PAGE.render()
