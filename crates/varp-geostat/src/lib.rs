//! Fast, exact geostatistics: variograms, kriging, simulation, declustering, change of support.
