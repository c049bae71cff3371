# English: the language in which every message is written. One message a line; { $name } is an
# argument. A message that is missing here does not compile.

# The program and its doors
tagline = mine waste as a resource
explains = A public register of Nordic mine waste and ore deposits: what is there, how much, how sure, and who says so.
nav-main = Main
nav-map = Map
nav-bodies = Bodies
nav-sites = Sites
nav-materials = Raw materials
nav-sources = Sources
nav-about = About and glossary
nav-accessibility = Accessibility
nav-data = Data
nav-language = Language
nav-crumbs = You are here
skip-to-content = Skip to the content
machine-drafted = This language is machine-drafted and waits for a reader who knows the trade; what is not translated stands in English.
footer-map = Map:
search = Search
search-names = Name of a mine, a dump, a report
search-hint = Try fewer words, or an older spelling of the name.
hits = { $count } found for “{ $words }”
words = Words in the name
show = Show
any = Any

# The first page
figure-bodies = bodies of mine waste and ore
figure-sites = at { $count } sites
figure-listed = of them with a material on the list { $list }
figure-quantities = quantities, each with its origin
figure-from = taken from
figure-sources = { $count } sources
map-of-bodies = Map of bodies
map-words = { $count } bodies on the map
map-no-script = The map above is drawn by the server; with JavaScript it can be moved and enlarged.
bodies-in-view = Bodies in view
whole-list = The whole list, with quantities
show-as-list = Show as a list
colour-by = Colour by
legend = Legend

# Lists
list-showing = { $shown } of { $all }
list-showing-some = { $shown } shown
list-empty = Nothing in the register meets these conditions.
next-page = Next page
download = Download
download-these = Download these { $count } as
remove-filter = Remove the condition { $name }
bodies-about = Deposits in the ground and what mining left behind, on one footing: tailings, waste rock, slag and other residues.
sites-about = Named mining places.
samples-about = Material that was taken at a place.
assays-about = What laboratories reported, with limits, digestion and method.
quantities-about = Numbers that sources claim, with range, unit, basis and the place where each was read.
sources-about = Documents, datasets and people: every value of the register comes from one.
materials-about = Raw materials of commerce, with the newest lists of critical raw materials that name them.
material-about = lists that name it and bodies where it was mined or found
data-about = Everything on these pages, for machines: the same questions, the same answers.

# Nouns
site = Site
sites = Sites
body = Body
bodies = Bodies
sample = Sample
samples = Samples
assays = Assays
quantity = Quantity
quantities = Quantities
source = Source
collection = Collection
items = Items
extent = Extent
parameters = Parameters
api-description = Description of the API
conformance = Conformance
identity = Identity

# Fields
name = Name
also-known-as = Also known as
country = Country
municipality = Municipality
kind = Kind
period = Period
mine-status = Status of the mine
storage = Storage
list-of-waste = List of Waste
original-deposit = Original deposit
original-deposit-link = The deposit that the material came from
deposit-type = Type of deposit
note = Note
zones = Zones
holes = Holes
where = Where
facts = Facts
mass = Mass
volume = Volume
area = Area
materials = Raw materials
material = Raw material
statements = Other statements
claims = Statements
property = Property
properties = What can be said of a body
value = Value
of = Of
terms = Terms
title = Title
authors = Authors
date = Date
address = Address
licence = Licence
reliability = Reliability
facts-taken = Facts taken from it

# Materials and lists
crm-list = List of critical raw materials
critical-raw-materials = Critical raw materials
element-or-material = An assay shows an element; a law may name a form or a grade. Both are told apart.
listed-material = Listed material
listed-form = Form named
any-form = any form
level = Level
critical = critical
strategic = strategic
critical-and-strategic = critical and strategic
lists-naming = Lists that name it
because = Because
mined = mined
found = found
element-present = element present; the list names the form
element-present-only = element present
material-present = listed in any form
not-listed = No list in this register names it.
unverified = unverified
where-material = Where it was mined or found
all-bodies = All { $count } bodies

# Quantities
preferred = preferred
uncertainty = Uncertainty
range-covers = low to high covers { $percent } %
range-unstated = low to high as the source has it; it does not say what the range covers
range-missing = no range:
term-original = original
term-remaining = remaining
term-produced = produced
term-unstated = original or remaining: not stated
basis-dry = dry
basis-wet = wet
conflict-count = { $count } statements, not the same.
conflict-preferred = Preferred because:
conflict-open = None is preferred yet.

# Samples
sample-count = { $count } samples
interval = Interval
method = Method
support = Mass taken
size-fraction = Grain size
whole-material = the whole material
role = Role in quality control
substance = Substance
digestion = Digestion
laboratory = Laboratory
detection-limit = Detection limit
upper-limit = Upper limit
censored = Beyond a limit
median = Median
least-to-greatest = Least to greatest
log-scale = Bars share one logarithmic scale.
no-assays = No assays of this sample in the register.
body-of-sample = the body that it was taken of
distribution-of = Distribution of all { $count } results for { $substance }.
hatched-is-censored = Hatched: below or above a limit, counted at the limit.

# Where a value comes from
where-from = Where this comes from
as-reported = As reported
how-found = How it was found
locator-page = Page
locator-file = File
locator-sheet = Sheet
locator-row = Row
locator-column = Column
cite = Cite this page
cite-sources = Please cite the sources of the values too.
quantities-csv = Quantities (CSV)
bodies-csv = Bodies (CSV)

# Places
locator-map = Map: where { $name } is
coordinates = Coordinates
coordinate-system = System
stated-accuracy = Stated accuracy

# What is not known
unknown = unknown
not-stated = not stated
why-not-stated = – the sources read do not state it
why-no-claim = No source in the register states it.
why-no-quantity = – no source in the register states a quantity
why-no-material = – no source in the register says what was mined or found
why-no-samples = – no samples in the register
why-no-bodies = – no body of this site in the register
why-no-position = – not stated, or not public

# About
about-text = varp keeps what is known of old mine waste and of the deposits that it came from, each value with its unit, its uncertainty and its source, so that anybody can find, check and reuse it.
about-trust = Numbers are shown with the digits that their uncertainty bears. Where sources disagree, all statements stand side by side, and the preferred one says why. What is not known is called unknown, never zero.
about-visibility = Only public values are served, in pages, downloads and counts alike. Exact places and owners may be known to the authority alone.
glossary = Words used here
kinds-of-bodies = Kinds of bodies
site-meaning = A named mining place, with one or many bodies.
body-meaning = A body of mineral matter: a deposit in the ground, a tailings pond, a dump of waste rock, a slag heap.
sample-meaning = Material taken at a place, with its mass and grain size where they are known.
quantity-meaning = A number that a source claims, as it was claimed.
low-best-high = Low, best, high
low-best-high-meaning = A range and the value within it; the bar runs from low to high, the tick stands at best.
source-meaning = A document, a dataset or a person that a value was taken from.
preferred-meaning = Chosen among contradicting statements by a named person or rule, with the reason.
element-present-meaning = Analyses show the element. Whether the form that a list names can be won from it is another question.
unknown-meaning = No source in this register says. It is not zero.
map-credits = The map
map-credits-text = Land, lakes and borders: Natural Earth, public domain. Place names: GeoNames, CC BY 4.0. The map is part of the program; no page loads anything from elsewhere.

# Accessibility
accessibility-aim = These pages aim at the Web Content Accessibility Guidelines 2.2, level AA.
accessibility-how = Every page is complete without JavaScript, can be used by keyboard, and can be enlarged to 400 % and printed. Kinds of bodies differ in shape as well as in colour. Tests with axe-core and by keyboard run with every change of the program.
accessibility-map = Whatever the map shows stands beside it as a list and behind it as a table, with the same conditions.
accessibility-limits = Known limits: names of sources stand in their own language without being marked so; tables of coordinates are long for screen readers.
accessibility-contact = If something keeps you out, tell the keeper of this register; what stands here in a form that you cannot use will be sent in one that you can.
