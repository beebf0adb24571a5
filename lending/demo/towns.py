"""Where the demonstration's depots are."""

HOME = "35"
HOME_UNION = "Bretagne"
LENDING_DEPARTMENTS = (HOME, "37", "33", "2A", "31", "53", "72", "85", "19", "23", "87", "44")
# The rest of the home region: small depots without loans of their own.
REGION_DEPARTMENTS = ("22", "29", "56")
SECOND_DEPOTS = {HOME: "Saint-Malo", "33": "Libourne", "44": "Saint-Nazaire"}
TOWNS = {
    "35": "Rennes", "37": "Tours", "33": "Bordeaux", "2A": "Ajaccio", "31": "Toulouse", "53": "Laval",
    "72": "Le Mans", "85": "La Roche-sur-Yon", "19": "Tulle", "23": "Guéret", "87": "Limoges", "44": "Nantes",
    "22": "Saint-Brieuc", "29": "Quimper", "56": "Vannes",
}  # fmt: skip
# The depots have no streets: the demonstration invents no neighbours for anybody.
POSTCODES = {
    "Rennes": "35000", "Saint-Malo": "35400", "Tours": "37000", "Bordeaux": "33000", "Libourne": "33500",
    "Ajaccio": "20000", "Toulouse": "31000", "Laval": "53000", "Le Mans": "72000", "La Roche-sur-Yon": "85000",
    "Tulle": "19000", "Guéret": "23000", "Limoges": "87000", "Nantes": "44000", "Saint-Nazaire": "44600",
    "Saint-Brieuc": "22000", "Quimper": "29000", "Vannes": "56000",
}  # fmt: skip
# Where the depots of the home region stand, in degrees north and east.
COORDINATES = {"35": (48.11, -1.68), "22": (48.51, -2.76), "29": (48.00, -4.10), "56": (47.66, -2.76)}
