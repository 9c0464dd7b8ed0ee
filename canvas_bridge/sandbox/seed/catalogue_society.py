"""Courses of the social sciences, business and law, and those of the next term."""

from canvas_bridge.sandbox.seed.specs import CourseSpec, course

SOCIETY: tuple[CourseSpec, ...] = (
    course(
        "PSYC 101",
        "Introduction to Psychology",
        "lectures",
        "Brain and behavior; Perception; Learning; Memory; Development; Groups",
        sections=3,
    ),
    course(
        "SOCI 120",
        "Society and Institutions",
        "seminar",
        "Norms; Class; Family; Work; Education; Migration",
    ),
    course(
        "ECON 101",
        "Microeconomics",
        "cases",
        "Scarcity; Supply and demand; Elasticity; Firms; Market failure; Trade",
        sections=3,
    ),
    course(
        "ACCT 201",
        "Financial Accounting",
        "problem_sets",
        "The ledger; Accruals; Inventory; Receivables; Statements; Ratios",
        zone="America/Chicago",
    ),
    course(
        "MKTG 240",
        "Principles of Marketing",
        "cases",
        "Customers; Segments; Brands; Prices; Channels; Campaigns",
    ),
    course(
        "LAW 210",
        "Business Law",
        "cases",
        "Courts; Contracts; Torts; Agency; Companies; Employment",
    ),
    course(
        "COMM 110",
        "Public Speaking",
        "language",
        "Listening; Openings; Structure; Slides; Persuasion; Questions",
    ),
    course(
        "POLI 105",
        "Comparative Politics",
        "lectures",
        "States; Parties; Elections; Federalism; Courts; Protest",
    ),
)

NEXT_TERM_COURSES: tuple[CourseSpec, ...] = (
    course(
        "BIOL 202",
        "Genetics",
        "laboratory",
        "Inheritance; DNA; Expression; Mutation; Mapping; Genomes",
        term="next",
    ),
    course(
        "CHEM 111",
        "General Chemistry II",
        "problem_sets",
        "Kinetics; Equilibrium; Acids; Entropy; Electrochemistry; Nuclei",
        term="next",
    ),
    course(
        "MATH 122",
        "Calculus II",
        "problem_sets",
        "Techniques; Volumes; Series; Tests; Taylor; Polar curves",
        term="next",
    ),
    course(
        "PHYS 132",
        "Electricity and Light",
        "problem_sets",
        "Charge; Fields; Circuits; Magnets; Waves; Optics",
        term="next",
    ),
    course(
        "CSCI 310",
        "Algorithms",
        "projects",
        "Growth; Sorting; Greedy; Dynamic; Shortest paths; Hardness",
        term="next",
    ),
    course(
        "ENGL 230",
        "Poetry Workshop",
        "seminar",
        "Image; Line; Sound; Form; Sequence; Reading aloud",
        term="next",
        sections=1,
    ),
    course(
        "SPAN 201",
        "Spanish III",
        "language",
        "Costumbres; Historia; Medio ambiente; Arte; Ciencia; Futuro",
        term="next",
    ),
    course(
        "PSYC 220",
        "Cognition",
        "lectures",
        "Attention; Imagery; Concepts; Language; Decisions; Expertise",
        term="next",
    ),
    course(
        "ECON 102",
        "Macroeconomics",
        "cases",
        "Output; Prices; Jobs; Money; Policy; Growth",
        term="next",
    ),
    course(
        "NURS 320",
        "Pediatric Nursing",
        "clinical",
        "Growth; Fever; Asthma; Feeding; Safety; Families",
        term="next",
    ),
)
