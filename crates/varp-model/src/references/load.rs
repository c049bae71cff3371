//! Reading reference files.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::names::Names;
use super::substances::ElementRow;
use super::{CodeList, CrmEntry, CrmList, ReferenceError, References};
use crate::Element;

macro_rules! embedded {
    ($($file:literal,)*) => {
        const EMBEDDED: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("../../reference/", $file))),)*];
    };
}

embedded! {
    "associations.csv",
    "body_kinds.csv",
    "commodities.csv",
    "countries.csv",
    "country_boxes.csv",
    "crm_entries.csv",
    "crm_lists.csv",
    "crs.csv",
    "digestions.csv",
    "elements.csv",
    "environmental_impacts.csv",
    "list_of_waste.csv",
    "mine_status.csv",
    "mineral_contents.csv",
    "minerals.csv",
    "processing_activities.csv",
    "properties.csv",
    "sampling_methods.csv",
    "size_classes.csv",
    "sums.csv",
    "unfc_categories.csv",
    "unfc_classes.csv",
    "waste_storage.csv",
}

/// Files that are plain code lists, under the name of the list.
const CODE_LISTS: &[&str] = &[
    "body_kinds",
    "countries",
    "digestions",
    "environmental_impacts",
    "list_of_waste",
    "mine_status",
    "processing_activities",
    "sampling_methods",
    "unfc_categories",
    "unfc_classes",
    "waste_storage",
];

impl References {
    /// The reference data that the program was built with.
    pub fn embedded() -> Self {
        Self::with_overrides(&BTreeMap::new()).expect("embedded reference files are tested")
    }

    /// The embedded data with whole files replaced: name of the file to its text.
    ///
    /// # Errors
    /// The first row that cannot be read, with its file and number.
    pub fn with_overrides(overrides: &BTreeMap<String, String>) -> Result<Self, ReferenceError> {
        let mut files: BTreeMap<String, String> =
            EMBEDDED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        for (name, text) in overrides {
            if files.insert(name.clone(), text.clone()).is_none() {
                let known = EMBEDDED.iter().map(|(n, _)| *n).collect::<Vec<_>>().join(", ");
                return Err(ReferenceError {
                    file: name.clone(),
                    row: 0,
                    message: format!("no reference file has this name; there are {known}"),
                });
            }
        }
        let mut lists = BTreeMap::new();
        for name in CODE_LISTS {
            let codes = rows(&files, &format!("{name}.csv"))?;
            lists.insert((*name).to_owned(), CodeList { codes });
        }
        let (sums, minerals) = (rows(&files, "sums.csv")?, rows(&files, "minerals.csv")?);
        let commodities = rows(&files, "commodities.csv")?;
        Ok(Self {
            elements: elements(&files)?,
            names: Names::of(&sums, &minerals, &commodities),
            sums,
            minerals,
            mineral_contents: rows(&files, "mineral_contents.csv")?,
            commodities,
            properties: rows(&files, "properties.csv")?,
            size_classes: rows(&files, "size_classes.csv")?,
            crs: rows(&files, "crs.csv")?,
            country_boxes: rows(&files, "country_boxes.csv")?,
            kinds: rows(&files, "body_kinds.csv")?,
            associations: rows(&files, "associations.csv")?,
            crm_lists: crm_lists(&files)?,
            lists,
            files,
        })
    }
}

fn rows<T: DeserializeOwned>(
    files: &BTreeMap<String, String>,
    file: &str,
) -> Result<Vec<T>, ReferenceError> {
    let mut reader = csv::Reader::from_reader(files[file].as_bytes());
    let mut read = Vec::new();
    for (at, row) in reader.deserialize().enumerate() {
        read.push(row.map_err(|error| ReferenceError {
            file: file.to_owned(),
            row: at as u64 + 2,
            message: error.to_string(),
        })?);
    }
    Ok(read)
}

fn elements(
    files: &BTreeMap<String, String>,
) -> Result<BTreeMap<Element, ElementRow>, ReferenceError> {
    let mut elements = BTreeMap::new();
    for (at, row) in rows::<ElementRow>(files, "elements.csv")?.into_iter().enumerate() {
        let element = Element::from_symbol(&row.symbol).ok_or_else(|| ReferenceError {
            file: "elements.csv".into(),
            row: at as u64 + 2,
            message: format!("\"{}\" is not an element", row.symbol),
        })?;
        elements.insert(element, row);
    }
    Ok(elements)
}

fn crm_lists(files: &BTreeMap<String, String>) -> Result<Vec<CrmList>, ReferenceError> {
    let mut lists: Vec<CrmList> = rows(files, "crm_lists.csv")?;
    for (at, entry) in rows::<CrmEntry>(files, "crm_entries.csv")?.into_iter().enumerate() {
        let list =
            lists.iter_mut().find(|l| l.list == entry.list).ok_or_else(|| ReferenceError {
                file: "crm_entries.csv".into(),
                row: at as u64 + 2,
                message: format!("the list {} is not in crm_lists.csv", entry.list),
            })?;
        list.entries.push(entry);
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_file_parses() {
        assert_eq!(References::embedded().files.len(), EMBEDDED.len());
    }

    #[test]
    fn each_crm_list_has_as_many_materials_as_it_states() {
        for list in References::embedded().crm_lists {
            let critical = list.entries.iter().filter(|e| e.critical).count();
            let strategic = list.entries.iter().filter(|e| e.strategic).count();
            assert_eq!((critical, strategic), (list.count, list.strategic_count), "{}", list.list);
        }
    }

    #[test]
    fn a_bad_row_is_named() {
        let overrides =
            [("elements.csv".to_owned(), "symbol,name\nXx,Nothing\n".to_owned())].into();
        let error = References::with_overrides(&overrides).unwrap_err();
        assert_eq!((error.file.as_str(), error.row), ("elements.csv", 2));
    }
}
