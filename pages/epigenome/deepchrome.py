"""What do histone marks say of expression?"""

from landmark.epigenome.deepchrome.view import PAGE

PAGE.render()
