"""Every page: each module offers its routes."""

from lending.web.pages import (
    admin,
    demo,
    depots,
    desk,
    files,
    home,
    language,
    network_pages,
    organisations,
    problems,
    reservations,
    search,
    sign_in,
    staff_titles,
    titles,
    today,
)

ROUTES = [
    *admin.ROUTES,
    *demo.ROUTES,
    *depots.ROUTES,
    *desk.ROUTES,
    *files.ROUTES,
    *home.ROUTES,
    *language.ROUTES,
    *network_pages.ROUTES,
    *organisations.ROUTES,
    *problems.ROUTES,
    *reservations.ROUTES,
    *search.ROUTES,
    *sign_in.ROUTES,
    *staff_titles.ROUTES,
    *titles.ROUTES,
    *today.ROUTES,
]
