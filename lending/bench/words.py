"""Words of a catalogue for schools, and invented ones, since real catalogues are full of names."""

import random

# Singular and plural; what elides carries a vowel or a mute h.
NOUNS = """abeille abeilles|animal animaux|arbre arbres|atelier ateliers|album albums|aventure aventures
bateau bateaux|bijou bijoux|cahier cahiers|carnaval carnavals|cerveau cerveaux|chanson chansons
château châteaux|cheval chevaux|cité cités|climat climats|conte contes|conseil conseils|corps corps
coquillage coquillages|cycle cycles|danse danses|débat débats|défi défis|déchet déchets
désert déserts|droit droits|eau eaux|école écoles|écran écrans|émotion émotions|énergie énergies
énigme énigmes|enfant enfants|espace espaces|étoile étoiles|expérience expériences|fable fables
famille familles|fête fêtes|feuille feuilles|fleuve fleuves|forêt forêts|fraction fractions
géant géants|goût goûts|graine graines|grenouille grenouilles|harcèlement harcèlements|héros héros
hibou hiboux|histoire histoires|hiver hivers|île îles|insecte insectes|instrument instruments
jardin jardins|jeu jeux|journal journaux|journée journées|kamishibaï kamishibaïs|langue langues
légende légendes|lettre lettres|livre livres|loup loups|lumière lumières|machine machines
maison maisons|maquette maquettes|marionnette marionnettes|masque masques|médiation médiations
mémoire mémoires|météo météos|miroir miroirs|monstre monstres|montagne montagnes
mouvement mouvements|musée musées|musique musiques|mystère mystères|nature natures|noeud noeuds
nombre nombres|nuage nuages|océan océans|oeil yeux|oiseau oiseaux|ombre ombres|ours ours
parole paroles|partage partages|paysage paysages|pêcheur pêcheurs|planète planètes|plante plantes
poème poèmes|pont ponts|port ports|potager potagers|préhistoire préhistoires|projet projets
quartier quartiers|recette recettes|règle règles|renard renards|rêve rêves|rivière rivières
robot robots|ruche ruches|saison saisons|santé santés|savoir savoirs|secret secrets|signal signaux
silence silences|soleil soleils|solidarité solidarités|son sons|sorcière sorcières|sport sports
tableau tableaux|tambour tambours|théâtre théâtres|trésor trésors|travail travaux|univers univers
vélo vélos|vent vents|village villages|vitrail vitraux|volcan volcans|voyage voyages
coopération coopérations|électricité électricités|alimentation alimentations|orchestre orchestres
égalité égalités|addition additions|hôpital hôpitaux|bocal bocaux|cristal cristaux|métal métaux
canal canaux|gâteau gâteaux|chapeau chapeaux|ruisseau ruisseaux|caillou cailloux|genou genoux
cheveu cheveux|feu feux|lieu lieux|neveu neveux|corail coraux|tribunal tribunaux|minéral minéraux"""
ADJECTIVES = """coopératif|solidaire|numérique|merveilleux|musical|géométrique|scientifique|fantastique|joyeux
secret|perdu|sauvage|invisible|écologique|médiéval|poétique|sonore|végétal|électrique|maritime
polaire|préhistorique|tropical|olympique|citoyen|imaginaire|mystérieux|minuscule|gigantesque
silencieux|aquatique|artistique|théâtral|municipal|régional|européen"""
HYPHENATED = """arc-en-ciel|porte-monnaie|casse-tête|chauve-souris|rendez-vous|grand-mère|cerf-volant|bien-être
savoir-faire|rouge-gorge|sous-marin|pique-nique|mille-pattes|perce-neige|vivre-ensemble|garde-manger
presqu’île|demi-tour|passe-temps|tire-bouchon|chef-d’œuvre|quatre-saisons|libre-service|coffre-fort
après-midi|porte-plume|mot-valise|jeu-concours"""
THEMES = """Égalité|Citoyenneté|Écologie|Biodiversité|Astronomie|Mathématiques|Lecture|Écriture|Théâtre|Musique
Arts visuels|Sciences|Histoire|Géographie|Langues vivantes|Sports|Alimentation|Sommeil|Médias
Numérique|Philosophie|Coopération|Handicap|Harcèlement|Émotions|Laïcité|Démocratie|Patrimoine
Architecture|Cuisine|Jardinage|Mesures|Géométrie|Numération|Préhistoire|Moyen Âge|Océans|Énergies
Recyclage|Sécurité routière"""
FIRST_NAMES = """Léa|Hugo|Zoé|Adèle|Jules|Inès|Noé|Élise|Malo|Anaïs|Émile|Jeanne|Axel|Salomé|Gaël|Maëlle|Chloé|Rémi
Ève|Tom"""
LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2", "6e", "5e", "4e", "3e")
STARTS = """b|br|c|ch|cl|d|f|fl|g|gr|j|l|m|n|p|pl|pr|qu|r|s|t|tr|v"""
MIDDLES = """a|ai|an|ar|au|e|é|el|en|er|eu|i|in|o|oi|on|or|ou|u"""
ENDS = """c|d|l|le|lin|me|mont|n|nard|r|rac|rel|sse|t|tel|thier|val|vin|x"""


def listed(text: str) -> list[str]:
    """The entries of one of the lists above."""
    return [one.strip() for one in text.replace("\n", "|").split("|")]


def pairs() -> list[tuple[str, str]]:
    """Nouns with their plurals."""
    return [(one, many) for one, many in (entry.split(" ") for entry in listed(NOUNS))]


def invented(chance: random.Random, count: int) -> list[str]:
    """Names that sound French, no two alike."""
    starts, middles, ends = listed(STARTS), listed(MIDDLES), listed(ENDS)
    found: dict[str, None] = {}
    while len(found) < count:
        parts = [chance.choice(starts) + chance.choice(middles) for _ in range(chance.randint(1, 3))]
        found["".join(parts) + chance.choice(ends)] = None
    return list(found)
