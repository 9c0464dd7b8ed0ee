"""Courses of the arts, languages and humanities."""

from canvas_bridge.sandbox.seed.specs import CourseSpec, course

HUMANITIES: tuple[CourseSpec, ...] = (
    course(
        "ENGL 101",
        "College Writing",
        "seminar",
        "Summary; Argument; Evidence; Counterpoint; Voice; Revision",
        sections=3,
    ),
    course(
        "ENGL 215",
        "The Modern Novel",
        "seminar",
        "Beginnings; Narrators; Time; City and country; Exile; Endings",
    ),
    course(
        "HIST 210",
        "The Atlantic World",
        "seminar",
        "Ships and ports; Sugar; Resistance; Revolutions; Abolition; Memory",
    ),
    course(
        "HIST 118",
        "Cities in History",
        "lectures",
        "Walls; Markets; Water; Plague; Factories; Suburbs",
    ),
    course(
        "PHIL 130",
        "Ethics",
        "seminar",
        "Virtue; Duty; Consequences; Care; Justice; Machines",
    ),
    course(
        "SPAN 102",
        "Spanish II",
        "language",
        "La familia; La ciudad; El trabajo; De viaje; La salud; Las noticias",
    ),
    course(
        "FREN 201",
        "Intermediate French",
        "language",
        "Le quartier; Souvenirs; Le climat; Au travail; Le cinema; Debats",
    ),
    course(
        "JAPN 101",
        "Japanese I",
        "language",
        "Greetings; Numbers and time; At the station; Food; Weekend plans; Letters",
        zone="America/Los_Angeles",
    ),
    course(
        "ASL 110",
        "American Sign Language I",
        "language",
        "Handshapes; Introductions; Questions; Family; Directions; Stories",
        sections=1,
    ),
    course(
        "ART 150",
        "Drawing",
        "studio",
        "Line; Tone; Perspective; Figure; Still life; Portfolio",
    ),
    course(
        "MUSI 200",
        "Harmony and Ear Training",
        "studio",
        "Intervals; Triads; Cadences; Seventh chords; Modulation; Form",
    ),
    course(
        "THEA 120",
        "Acting for Everyone",
        "studio",
        "Attention; Voice; Scene work; Objectives; Text; Performance",
        sections=1,
    ),
    course(
        "ARCH 230",
        "History of Architecture",
        "lectures",
        "Shelter; Temples; Cathedrals; Houses; Steel and glass; Repair",
        zone="Europe/Lisbon",
        sections=1,
    ),
    course(
        "CLAS 180",
        "Myth and Epic",
        "seminar",
        "Gilgamesh; Homer; Virgil; Ovid; Ramayana; Retellings",
        term="previous",
        own_last_day=40,
        is_concluded=True,
    ),
    course(
        "RELG 140",
        "Religions of the World",
        "lectures",
        "Pilgrimage; Scripture; Ritual; Law; Art; Encounter",
        term="previous",
        is_concluded=True,
    ),
)
