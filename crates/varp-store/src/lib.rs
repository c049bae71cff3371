//! The register in one GeoPackage: records to tables and back.
