"""Courses of the sciences, of engineering and of health."""

from canvas_bridge.sandbox.seed.specs import CourseSpec, course

SCIENCES: tuple[CourseSpec, ...] = (
    course(
        "BIOL 201",
        "Cell Biology",
        "laboratory",
        "Membranes; Energy in cells; The cell cycle; Signals; Cytoskeleton; Stem cells",
    ),
    course(
        "BIOL 340",
        "Ecology of Estuaries",
        "laboratory",
        "Tides and salt; Plankton; Marsh plants; Food webs; Migrating birds; Restoration",
    ),
    course(
        "CHEM 110",
        "General Chemistry I",
        "problem_sets",
        "Atoms and moles; Bonds; Stoichiometry; Gases; Heat of reaction; Solutions",
        sections=3,
    ),
    course(
        "CHEM 231",
        "Organic Chemistry",
        "laboratory",
        "Alkanes; Stereochemistry; Substitution; Elimination; Spectra; Carbonyls",
    ),
    course(
        "PHYS 131",
        "Mechanics",
        "problem_sets",
        "Motion on a line; Forces; Work and energy; Momentum; Rotation; Oscillation",
        sections=3,
    ),
    course(
        "MATH 121",
        "Calculus I",
        "problem_sets",
        "Limits; Derivatives; Chain rule; Extrema; Integrals; Areas",
        sections=3,
    ),
    course(
        "MATH 205",
        "Linear Algebra",
        "problem_sets",
        "Systems of equations; Matrices; Vector spaces; Determinants; Eigenvalues; Projections",
    ),
    course(
        "STAT 150",
        "Statistics with Data",
        "lectures",
        "Describing data; Chance; Samples; Intervals; Tests; Regression",
        sections=3,
    ),
    course(
        "CSCI 140",
        "Introduction to Programming",
        "projects",
        "Values and names; Branches; Loops; Functions; Lists and maps; Files",
        sections=3,
    ),
    course(
        "CSCI 260",
        "Data Structures",
        "projects",
        "Arrays; Linked lists; Stacks and queues; Trees; Hash tables; Graphs",
        zone="America/Chicago",
    ),
    course(
        "ENGR 115",
        "Engineering Design",
        "projects",
        "Needs; Sketching; Prototypes; Materials; Testing; Presenting",
    ),
    course(
        "GEOG 160",
        "Maps and Places",
        "lectures",
        "Reading maps; Projections; Remote sensing; Cities; Borders; Climate",
    ),
    course(
        "ASTR 101",
        "The Night Sky",
        "lectures",
        "Seasons; Light; Planets; Stars; Galaxies; The early universe",
        zone="America/Denver",
    ),
    course(
        "NURS 210",
        "Foundations of Nursing",
        "clinical",
        "Vital signs; Hygiene; Mobility; Medication; Wounds; Documentation",
        is_blueprint_child=True,
    ),
    course(
        "NURS 305",
        "Pharmacology for Nurses",
        "clinical",
        "Dosage; Antibiotics; Pain; Heart drugs; Insulin; Interactions",
    ),
    course(
        "NURS 310",
        "Community Health",
        "clinical",
        "Populations; Screening; Vaccination; Home visits; Outbreaks; Equity",
    ),
    course(
        "PHED 105",
        "Movement and Wellness",
        "studio",
        "Posture; Breathing; Strength; Balance; Endurance; Recovery",
        sections=1,
        is_paced=True,
    ),
)
