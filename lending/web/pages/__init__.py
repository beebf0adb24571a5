"""Every page: each module offers its routes."""

from lending.web.pages import files, home, language, reservations, search, sign_in, titles

ROUTES = [
    *files.ROUTES,
    *home.ROUTES,
    *language.ROUTES,
    *reservations.ROUTES,
    *search.ROUTES,
    *sign_in.ROUTES,
    *titles.ROUTES,
]
