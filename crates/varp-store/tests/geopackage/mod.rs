//! What the GeoPackage adds to the contract: the file, its crashes, its other users.

mod crash;
mod file;
mod foreign;
mod gdal;
mod guests;
mod layers;
