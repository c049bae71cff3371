//! What the GeoPackage adds to the contract.
