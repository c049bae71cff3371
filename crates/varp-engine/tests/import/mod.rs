//! What the import promises.

mod csv;
mod proposal;
mod seeded;
mod workbook;

use varp_engine::import::{Accept, Input, Mapping, Options, Output, RejectedRow, Report, run};
use varp_model::{Batch, References};

/// All batches of a run as one, the rejected rows and the report.
pub struct Outcome {
    pub batch: Batch,
    pub rejected: Vec<RejectedRow>,
    pub report: Report,
}

impl Outcome {
    /// The grouped issues as the command line prints them.
    pub fn issues(&self) -> String {
        let groups = self.report.issues.groups();
        groups.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }
}

pub fn import_with(inputs: Vec<Input>, mapping: &str, accept: Accept) -> Outcome {
    let references = References::embedded();
    let mapping = Mapping::parse(mapping).unwrap_or_else(|error| panic!("{error}"));
    let options = Options { accept, ..Options::new(&references) };
    let (mut batch, mut rejected) = (Batch::default(), Vec::new());
    let report = run(inputs, &mapping, &options, |output| {
        match output {
            Output::Batch(b) => {
                batch.sources.extend(b.sources);
                batch.sites.extend(b.sites);
                batch.bodies.extend(b.bodies);
                batch.holes.extend(b.holes);
                batch.determinations.extend(b.determinations);
                batch.samples.extend(b.samples);
                batch.claims.extend(b.claims);
            }
            Output::Rejected(row) => rejected.push(row),
        }
        Ok::<(), ()>(())
    });
    Outcome { batch, rejected, report: report.unwrap() }
}

/// A whole import of one text file.
pub fn import(name: &str, text: impl Into<Vec<u8>>, mapping: &str) -> Outcome {
    import_with(vec![Input::from_bytes(name, text)], mapping, Accept::AllOrNothing)
}
