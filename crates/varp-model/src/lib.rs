//! What things are: sites, bodies, samples, units, bases, places, sources; no I/O.
